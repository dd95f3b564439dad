"""Clothes at 28x28, with residual blocks of plain convolutions: python -m train.fashion"""

import gzip

import numpy as np

from . import runtime  # first: it sets TensorFlow's threads
from .blocks import L, classifier, convolution, residual
from .card import Model, Test, finish
from .convert import to_int8
from .fit import Phase, fit
from .packages import CACHE, debian_fashion

KEY = "fashion"
SEED = 60
PHASE = Phase(6, 4e-3, batch=96)
LABELS = ["t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]


def load(part):
    folder = debian_fashion()
    read = lambda name, header: np.frombuffer(gzip.decompress((folder / f"{part}-{name}-ubyte.gz").read_bytes()),
                                              np.uint8, offset=header)
    return read("images-idx3", 16).reshape(-1, 28, 28, 1), read("labels-idx1", 8).astype(np.int64)


def network():
    inputs = L.Input((28, 28, 1))
    x = convolution(inputs, 16, 3, 2)
    x = residual(x, 16)
    x = residual(x, 32, 2)
    x = residual(x, 32)
    x = residual(x, 64, 2)
    return classifier(inputs, x, len(LABELS), 0.2)


def moved(pictures, rng):
    """Half of them mirrored, each shifted by up to two pixels."""
    padded = np.pad(pictures, ((0, 0), (2, 2), (2, 2), (0, 0)))
    rows, columns = rng.integers(0, 5, (2, len(pictures), 1))
    steps = np.arange(28)
    out = padded[np.arange(len(pictures))[:, None, None], (rows + steps)[:, :, None], (columns + steps)[:, None, :]]
    mirrored = rng.random(len(pictures)) < 0.5
    out[mirrored] = out[mirrored][:, :, ::-1]
    return out


def to_real(pictures):
    """Levels of 0 to 255 as 0..1."""
    return pictures.astype(np.float32) / np.float32(255)


def main():
    runtime.seed(SEED)
    (pictures, labels), (test, test_labels) = load("train"), load("t10k")
    model = network()

    def epoch_data(epoch):
        rng = runtime.generator(SEED, epoch)
        order = rng.permutation(len(pictures))
        return to_real(moved(pictures[order], rng)), labels[order]

    CACHE.joinpath("runs").mkdir(exist_ok=True)
    fit(model, PHASE, epoch_data, CACHE / f"runs/{KEY}-now.weights.h5", KEY)
    finish(Model(
        key=KEY, name="Clothes",
        teaches="What a shortcut costs: beside each residual block its input stays in memory until the addition.",
        labels=LABELS, value_range="0..1", fit="crop",
        preprocessing="Grey, light clothes on black, 28x28; a level of 0 to 255 divided by 255.",
        data=[{"set": "Fashion-MNIST, as Debian dataset-fashion-mnist 0.0~git20200523.55506a9-1 carries it",
               "licence": "MIT", "attribution": "Zalando SE (Han Xiao, Kashif Rasul, Roland Vollgraf)",
               "used_for": "training 60,000, test 10,000: the data set's own split; samples"}],
        made_by="python -m train.fashion", network=model, data_file=to_int8(model, to_real(pictures[:500])),
        tests=[Test("test split", "all 10,000 pictures of the data set's own test split", test, test_labels)],
        to_real=to_real))


if __name__ == "__main__":
    main()
