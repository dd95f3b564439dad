"""Seconds of sound: words somewhere in them, rooms, microphones and noise around them."""

import numpy as np
from scipy.signal import fftconvolve

from .log_mel import FRAMES, BANDS, RATE, SAMPLES, filters, levels
from .streams import generator
from .voices import HELD_OUT, KEYWORDS, OTHERS, TEST_OTHERS, load

LABELS = [*KEYWORDS, "unknown", "silence"]
UNKNOWN, SILENCE = len(KEYWORDS), len(KEYWORDS) + 1
TEST_SEED, KNOWN_SEED, SPLIT_SEED, CALIBRATION_SEED = 50_001, 50_002, 50_003, 50_004
WARPS = [filters(warp) for warp in np.linspace(0.88, 1.14, 14)]
# How often an engine is drawn in training; one that nobody is to learn from is not here.
SHARES = {"espeak-ng": 0.3, "flite": 0.22, "festival": 0.1, "pico": 0.12, "gnuspeech": 0.1, "hibari": 0.16}


def label_of(word):
    return KEYWORDS.index(word) if word in KEYWORDS else UNKNOWN


def faded(samples):
    """Without a click at both ends."""
    ramp = np.minimum(1, np.arange(len(samples)) / 80)
    return samples * ramp * ramp[::-1]


def sped(samples, factor):
    """Faster and higher, or slower and lower; at most a second."""
    at = np.arange(0, len(samples) - 1, factor)
    return np.interp(at, np.arange(len(samples)), samples)[:SAMPLES]


def placed(samples, rng):
    """A second with the sound anywhere in it."""
    second = np.zeros(SAMPLES)
    start = rng.integers(0, SAMPLES - len(samples) + 1)
    second[start: start + len(samples)] = faded(samples)
    return second


def coloured(rng):
    """A second of noise, each part of the spectrum as loud as the dice say, falling by 0 to 9 dB an octave."""
    spectrum = np.fft.rfft(rng.standard_normal(SAMPLES))
    hz = np.maximum(np.fft.rfftfreq(SAMPLES, 1 / RATE), 20)
    shape = -rng.uniform(0, 9) * np.log2(hz / 1000) + curve(rng, hz, 6)
    return np.fft.irfft(spectrum * 10 ** (shape / 20), SAMPLES)


def curve(rng, hz, most_db):
    """A smooth curve over the octaves of up to so many decibels."""
    octaves = np.log2(hz / 50)
    return np.interp(octaves, np.linspace(0, np.log2(160), 7), rng.uniform(-most_db, most_db, 7))


def hum(rng):
    """A tone with its overtones, as of mains or a fan."""
    base, time = rng.uniform(45, 400), np.arange(SAMPLES) / RATE
    tones = [np.sin(2 * np.pi * (base * (1 + n) * time + rng.random())) / (1 + n) ** rng.uniform(0.5, 2)
             for n in range(rng.integers(1, 8))]
    return np.sum(tones, 0) + coloured(rng) * 0.003


class Sounds:
    """Draws seconds from utterances; each is levels and a class."""

    def __init__(self, utterances):
        self.all = utterances
        self.by = {}  # class, engine: utterances
        for one in utterances:
            self.by.setdefault((label_of(one.word), one.voice.split()[0]), []).append(one)

    def voice(self, label, rng):
        """An utterance of a class: of an engine by its share, of a voice, of all that it says."""
        engines = [engine for engine in SHARES if (label, engine) in self.by]
        shares = np.array([SHARES[engine] for engine in engines])
        said = self.by[label, rng.choice(engines, p=shares / shares.sum())]
        return said[rng.integers(len(said))].samples / 32768

    def background(self, rng):
        """Noise of mean power 1."""
        kind = rng.random()
        if kind < 0.6:
            noise = coloured(rng)
        elif kind < 0.8:
            noise = hum(rng)
        else:
            noise = coloured(rng) * 0.002
            for _ in range(rng.integers(4, 9)):
                noise = noise + placed(self.voice(rng.integers(SILENCE), rng), rng) * rng.uniform(0.3, 1)
        return noise / max(np.sqrt(np.mean(noise**2)), 1e-9)

    def silence(self, rng):
        """No word: noise that may swell, or next to nothing."""
        loudness = 10 ** rng.uniform(-4.5, -0.8) if rng.random() < 0.9 else 0.0
        swell = np.interp(np.arange(SAMPLES), np.linspace(0, SAMPLES, 5), 10 ** rng.uniform(-0.4, 0.4, 5))
        # Many people at once are no silence, but no word either.
        return self.background(rng) * swell * loudness

    def word(self, label, rng):
        """A word as it might be heard: other speed, room and microphone, noise."""
        samples = self.voice(label, rng)
        if label == UNKNOWN and rng.random() < 0.12:
            samples = self.voice(rng.integers(UNKNOWN), rng)[::-1]  # no word at all
        samples = sped(samples, np.exp(rng.uniform(-0.2, 0.2)))
        if rng.random() < 0.4:
            samples = roomy(samples, rng)
        second = placed(samples, rng)
        if rng.random() < 0.6:
            spectrum = np.fft.rfft(second)
            hz = np.maximum(np.fft.rfftfreq(SAMPLES, 1 / RATE), 20)
            second = np.fft.irfft(spectrum * 10 ** (curve(rng, hz, 9) / 20), SAMPLES)
        return self.with_noise(second, rng, rng.uniform(2, 40), 10 ** rng.uniform(-1.7, -0.05))

    def with_noise(self, second, rng, decibels, peak):
        """The sound so many decibels above a background, its loudest sample at `peak`."""
        power = np.mean(second**2) * SAMPLES / max(1, np.count_nonzero(second))
        second = second + self.background(rng) * np.sqrt(power) * 10 ** (-decibels / 20)
        return second * peak / max(np.abs(second).max(), 1e-9)

    def drawn(self, count, *seed):
        """So many levels with classes, equally often each, shuffled."""
        rng = generator(*seed)
        pictures = np.empty((count, BANDS, FRAMES, 1), np.uint8)
        labels = rng.permutation(np.arange(count) % len(LABELS))
        for picture, label in zip(pictures, labels):
            second = self.silence(rng) if label == SILENCE else self.word(label, rng)
            picture[..., 0] = levels(second, WARPS[rng.integers(len(WARPS))])
            if rng.random() < 0.5:
                masked(picture, rng)
        return pictures, labels


def roomy(samples, rng):
    """In a room: echoes that die away."""
    length = int(rng.uniform(0.05, 0.35) * RATE)
    echo = rng.standard_normal(length) * np.exp(-np.arange(length) * rng.uniform(4, 9) / length)
    echo[0] = 0
    echo *= rng.uniform(0.1, 0.7) / np.sqrt(np.sum(echo**2))
    echo[0] = 1
    return fftconvolve(samples, echo)[:SAMPLES]


def masked(picture, rng):
    """Without some bands and some time, as SpecAugment has it (Park et al. 2019)."""
    for axis, most in ((0, 6), (1, 8)):
        wide = rng.integers(0, most + 1)
        start = rng.integers(0, picture.shape[axis] - wide + 1)
        part = [slice(None)] * picture.ndim
        part[axis] = slice(start, start + wide)
        picture[tuple(part)] = picture.mean()


def sixteen_bits(second):
    return np.clip(np.rint(second * 32767), -32768, 32767).astype(np.int16)


def split():
    """Utterances to train on; of the same voices, one in ten for a test; and of voices never trained on."""
    rng = generator(SPLIT_SEED)
    training, known, held_out = [], [], []
    for one in load():
        is_known = rng.random() < 0.1
        if one.voice in HELD_OUT:
            held_out.append(one)
        elif one.word in TEST_OTHERS or is_known:
            known.append(one)
        else:
            training.append(one)
    return training, known, held_out


def test(utterances, count, seed):
    """Seconds of 16 bits with classes and who speaks: of each word equally many, voices in turns, little noise.

    Words that are no keyword are those that no training has.
    """
    rng, by = generator(seed), {}
    for index in rng.permutation(len(utterances)):
        one = utterances[index]
        if one.word not in OTHERS:
            by.setdefault(label_of(one.word), {}).setdefault(one.voice, []).append(one)
    sounds, seconds, labels, voices = Sounds(utterances), [], [], []
    for number in range(count):
        label = number % len(LABELS)
        if label == SILENCE:
            second, voice = rng.choice([0.0, 1.0], p=[0.05, 0.95]) * 10 ** rng.uniform(-4.5, -1.5), "none"
            second = second * coloured_or_hum(rng)
        else:
            names = sorted(by[label])
            voice = names[number // len(LABELS) % len(names)]
            said = by[label][voice]
            samples = said[number // len(LABELS) // len(names) % len(said)].samples / 32768
            second = sounds.with_noise(placed(samples, rng), rng, rng.uniform(15, 40), 10 ** rng.uniform(-1.2, -0.05))
        seconds.append(sixteen_bits(second))
        labels.append(label)
        voices.append(voice)
    return np.array(seconds), np.array(labels), voices


def tests(count):
    """Both tests, as the card counts them: voices never trained on, and those of the training."""
    _, known, held_out = split()
    return [test(held_out, count, TEST_SEED), test(known, count, KNOWN_SEED)]


def coloured_or_hum(rng):
    noise = coloured(rng) if rng.random() < 0.7 else hum(rng)
    return noise / np.sqrt(np.mean(noise**2))


def pictures(seconds):
    return np.array([levels(second / 32768) for second in seconds])[..., None]
