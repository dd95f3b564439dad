"""The front end of the keyword model: a second of sound as a picture of its loudness, by pitch and time.

The page makes the same picture with code of its own (src/preprocess/sound); the integration test `sound`
compares the two. Needs numpy alone.
"""

import numpy as np

RATE = 16_000  # samples a second
SAMPLES = RATE  # one second
WINDOW, HOP = 512, 320  # samples: 32 ms every 20 ms
FRAMES = 1 + (SAMPLES - WINDOW) // HOP  # 49, the picture's columns
BANDS, LOWEST_HZ, HIGHEST_HZ = 40, 60.0, 7600.0  # the picture's rows, the highest on top
LEVELS_A_DOUBLING = 16  # of power
REFERENCE = -4.0  # log2 of the power that is white in a sound that is nowhere louder
SILENCE = 2.0**-40  # power that stands for none
# As cards say it, and the page expects it.
NAME = (f"log-mel: {RATE} Hz, frames of {WINDOW} every {HOP}, {BANDS} bands from {LOWEST_HZ:.0f} to {HIGHEST_HZ:.0f} Hz, "
        f"{LEVELS_A_DOUBLING} levels a doubling")


def mel(hz):
    return 2595 * np.log10(1 + hz / 700)


def hz(mels):
    return 700 * (10 ** (mels / 2595) - 1)


def filters(warp=1.0):
    """Triangles of height 1 over the bins of the spectrum, evenly spaced in mels: BANDS rows, lowest first.

    `warp` stretches the frequencies, as a longer or shorter vocal tract does.
    """
    corners = hz(np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2)) * warp
    bins = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    rising = (bins - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - bins) / (corners[2:] - corners[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


_HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
_FILTERS = filters()


def power(samples, bank=_FILTERS):
    """Power of each band in each frame, of samples in -1..1: frames by bands, lowest band first."""
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float64), WINDOW)[::HOP]
    return np.abs(np.fft.rfft(frames * _HANN, axis=1)) ** 2 @ bank.T


def exact_levels(samples, bank=_FILTERS):
    """Levels before they are rounded: BANDS rows, the highest first, of FRAMES columns."""
    doublings = np.log2(np.maximum(power(samples, bank), SILENCE))
    reference = max(doublings.max(), REFERENCE)
    return np.clip(255 + LEVELS_A_DOUBLING * (doublings - reference), 0, 255).T[::-1]


def levels(samples, bank=_FILTERS):
    """The picture: the loudest cell is 255, each halving of power 16 levels less."""
    return np.floor(exact_levels(samples, bank) + 0.5).astype(np.uint8)
