"""Records the front end's answers, which the page's own must equal: python -m train.spectrograms

Writes tests/it/data/spectrograms.json: of each sound the levels before they are rounded, to a
hundredth, row by row. Needs numpy alone.
"""

import json
import wave

import numpy as np

from .figures import to_json
from .log_mel import BANDS, FRAMES, SAMPLES, exact_levels
from .packages import HERE

SOUNDS = HERE.parent / "samples/keywords"
TARGET = HERE.parents[1] / "tests/it/data/spectrograms.json"
NOISE_RULE = (
    "xorshift64*: x = seed * 0x9E3779B97F4A7C15 mod 2^64; per sample: x ^= x >> 12; x ^= x << 25; x ^= x >> 27; "
    "sample = top byte of x * 0x2545F4914F6CDD1D mod 2^64, as int8, / 32768 * scale"
)
MASK = 2**64 - 1


def noise(seed, scale):
    """Samples by NOISE_RULE."""
    x, samples = seed * 0x9E3779B97F4A7C15 & MASK, []
    for _ in range(SAMPLES):
        x ^= x >> 12
        x ^= x << 25 & MASK
        x ^= x >> 27
        samples.append((x * 0x2545F4914F6CDD1D & MASK) >> 56)
    return np.array(samples, np.uint8).view(np.int8) / 32768 * scale


def read(path):
    """The samples of a mono file of 16 bits."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def recorded(samples, **what):
    return what | {"rows": [[round(float(level), 2) for level in row] for row in exact_levels(samples)]}


def main():
    sounds = [recorded(read(path), file=f"models/samples/keywords/{path.name}") for path in (SOUNDS / "stop.wav", SOUNDS / "yes.wav")]
    sounds += [recorded(noise(seed, scale), seed=seed, scale=scale) for seed, scale in ((1, 100), (2, 1 / 16))]
    told = {"producer": "models/train/log_mel.py, numpy", "rule": NOISE_RULE, "size": [BANDS, FRAMES], "sounds": sounds}
    TARGET.write_text(to_json(told))
    print(TARGET, len(sounds), "sounds")


if __name__ == "__main__":
    main()
