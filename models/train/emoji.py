"""What the models of the emoji scenes share: their training on growing scenes, and their tests."""

import numpy as np

from . import icons
from .card import Model, Test, finish
from .convert import to_int8
from .fit import fit
from .packages import CACHE
from .runtime import generator
from .scenes import Kind, scenes

EPOCH = 4800  # scenes
KNOWN_SEED, UNSEEN_SEED, CALIBRATION_SEED = 90_001, 90_002, 90_003
CALIBRATION_SCENES = 480
_ICONS = [
    ("Noto Emoji", "noto 1.2.9, noto-v1 1.2.5", "Apache-2.0", "Google Inc, github.com/googlefonts/noto-emoji"),
    ("Firefox OS Emoji", "fxemoji 1.2.2", "Apache-2.0", "Mozilla, github.com/mozilla/fxemoji"),
    ("Fluent Emoji", "fluent-emoji 1.2.7, fluent-emoji-flat 1.2.6", "MIT",
     "Microsoft Corporation, github.com/microsoft/fluentui-emoji"),
    ("Twitter Emoji", "twemoji 1.2.5", "CC-BY-4.0", "Twitter and contributors, github.com/jdecked/twemoji"),
    ("EmojiTwo", "emojione 1.2.3", "CC-BY-4.0", "EmojiOne, EmojiTwo, github.com/EmojiTwo/emojitwo"),
    ("Streamline Emojis", "streamline-emojis 1.2.4", "CC-BY-4.0",
     "Streamline, github.com/webalys-hq/streamline-vectors"),
]
_STYLES = [
    ("OpenMoji", "openmoji 1.2.29", "CC-BY-SA-4.0", "OpenMoji, github.com/hfg-gmuend/openmoji"),
    ("EmojiOne, version 1", "emojione-v1 1.2.3", "CC-BY-SA-4.0", "EmojiOne, github.com/joypixels/emojione-legacy"),
]


def to_real(pictures):
    """Levels of 0 to 255 as -1..1."""
    return pictures.astype(np.float32) / np.float32(127.5) - 1


def train(key, network, phases, kind, seed, start=None):
    """Trains `network(shape)` phase by phase, each with scenes of its side; goes on after the last one kept.

    `start` prepares a network that is not to start from noise. Returns the file of the last weights.
    """
    runs = CACHE / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    model = network((None, None, 3))
    before = None
    for number, phase in enumerate(phases, 1):
        done = runs / f"{key}-phase{number}.weights.h5"
        if not done.exists():
            if before:
                model.load_weights(before)
            elif start:
                start(model)

            def epoch_data(epoch):
                pictures, labels = scenes(icons.known(), phase.side, EPOCH, (seed, number, epoch), kind)
                order = generator(seed, number, epoch, 1).permutation(EPOCH)
                return to_real(pictures[order]), labels[order]

            fit(model, phase, epoch_data, runs / f"{key}-now.weights.h5", f"{key} at {phase.side}")
            model.save_weights(done)
        before = done
    return before


def tests(side, kind, count):
    """Two tests whose scenes are drawn from seeds that no training uses, without restyled icons."""
    size = f"icons at {kind.least} to {kind.greatest} of the side"
    known = scenes(icons.known(), side, count, KNOWN_SEED, kind)
    unseen = scenes(icons.unseen(), side, count, UNSEEN_SEED, kind)
    return [
        Test("unseen scenes of known icons",
             f"{count:,} new random scenes ({count // len(icons.LABELS)} of each class, {size}) of the icons that were "
             "trained on", *known),
        Test("styles never seen",
             f"{count:,} random scenes ({size}) of OpenMoji and EmojiOne 1, two icon sets of which nothing was "
             "trained on", *unseen),
    ]


def data():
    """The card's list of icon sets."""
    row = lambda use, name, packages, licence, attribution: {
        "set": f"{name}: npm @iconify-json/... {packages}",
        "licence": licence, "attribution": attribution, "used_for": use}
    drawn = "training, test and samples: drawn into scenes with changed sizes and colours"
    return [row(drawn, *one) for one in _ICONS] + [row("test alone", *one) for one in _STYLES]


def export(network, weights, side, kind, test_scenes, **told):
    """Converts the trained network and writes its file, samples and card."""
    model = network((side, side, 3))
    model.load_weights(weights)
    calibration, _ = scenes(icons.known(), side, CALIBRATION_SCENES, CALIBRATION_SEED, kind)
    finish(Model(
        labels=icons.LABELS, value_range="-1..1", fit="crop",
        preprocessing=f"RGB, {side}x{side}; a level of 0 to 255 divided by 127.5, minus 1. One thing on any "
                      "background.",
        data=data(), network=model, data_file=to_int8(model, to_real(calibration)),
        tests=tests(side, kind, test_scenes), to_real=to_real, plainest_first=True, **told))
