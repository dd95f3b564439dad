"""Random numbers; needs numpy alone."""

import numpy as np


def generator(*numbers):
    """A stream of random numbers of its own for each list of numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers)))
