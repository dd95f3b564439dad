"""The same things at 176x176, in two variants: python -m train.emoji176 plain|redistributed

Layer by layer the early high-resolution part needs 302 KiB. In patches every 3x3 there makes the halo
wider, which is computed again by each neighbour. The second variant moves receptive field from there
to the part behind: MCUNetV2's redistribution (Lin et al. 2021).

Both start from the weights of emoji96 (train that first), layer by layer, and are trained alike. The
redistributed one lacks three of those layers, and has one 5x5 where emoji96 has a 3x3.
"""

import functools
import sys

import numpy as np

from . import runtime  # first: it sets TensorFlow's threads
from . import emoji96
from .blocks import L, mobile_network
from .emoji import export, train
from .fit import Phase
from .icons import LABELS
from .scenes import Kind

SIDE = 176
SEED = 176
KIND = Kind(0.4, 0.9)
PHASES = [Phase(4, 3e-3, side=112), Phase(2, 2e-3, side=176)]
# Filters, expansion, kernel, stride. Up to the fifth block the map is 22x22: that is the patch stage.
PLAIN = [(8, 1, 3, 1), (16, 4, 3, 2), (16, 4, 3, 1), (32, 4, 3, 2), (32, 4, 3, 1),
         (72, 4, 5, 2), (72, 4, 5, 1), (72, 4, 3, 1), (112, 6, 3, 2)]
# No spatial kernel in the stage but those with a stride; one more 5x5 behind it.
REDISTRIBUTED = [(8, 1, 1, 1), (16, 4, 3, 2), (16, 4, 1, 1), (32, 4, 3, 2), (32, 4, 1, 1),
                 (72, 4, 5, 2), (72, 4, 5, 1), (72, 4, 5, 1), (112, 6, 3, 2)]
ALIKE = "{} was trained alike: both started from the weights of emoji96 where layers agree, then saw 6 epochs of " \
        "4,800 scenes."


def receptive_field(blocks):
    """Side of the input region that one cell behind these blocks sees, the stem (3x3, stride 2) included."""
    side, stride = 3, 2
    for _, _, kernel, step in blocks:
        side += (kernel - 1) * stride
        stride *= step
    return side


def fields(blocks):
    stage, whole = receptive_field(blocks[:5]), receptive_field(blocks)
    return f"Receptive field: {stage} pixels in the patch stage, {whole} in all."


VARIANTS = {
    "plain": {
        "blocks": PLAIN, "key": "emoji176", "name": "24 everyday things at 176",
        "teaches": "When patches decide: 303 KiB layer by layer, 152 KiB in patches for 8 % more MACs; yet no grid up "
                   "to 8x8 brings it down to 128 KiB.",
        "notes": (fields(PLAIN), ALIKE.format("emoji176_rd")),
        "schedules": (("4x4 patches up to the 22x22 map", 17, "4x4"),),
    },
    "redistributed": {
        "blocks": REDISTRIBUTED, "key": "emoji176_rd", "redistributed_from": "emoji176",
        "name": "24 everyday things at 176, receptive field moved",
        "teaches": "How redistribution makes patches cheap: early kernels are smaller, so halos and recompute shrink, "
                   "and it fits 128 KiB; a later kernel is larger instead.",
        "notes": (fields(REDISTRIBUTED), ALIKE.format("emoji176"),
                  "This one could take fewer of them (it has no depthwise layer in three blocks) and was still "
                  "improving at the end: that it is less accurate is not the price of redistribution alone."),
        "schedules": (("4x4 patches up to the 22x22 map", 14, "4x4"),),
    },
}


def start(model):
    """Takes the weights of emoji96: layer after layer, without the depthwise ones that `model` lacks."""
    source = emoji96.network((None, None, 3))
    source.load_weights(train(emoji96.KEY, emoji96.network, emoji96.PHASES, emoji96.KIND, emoji96.SEED))
    own = iter([layer for layer in model.layers if layer.get_weights()])
    theirs = iter([layer for layer in source.layers if layer.get_weights()])
    for layer in own:
        other = next(theirs)
        if isinstance(other, L.DepthwiseConv2D) and not isinstance(layer, L.DepthwiseConv2D):
            next(theirs)  # its normalisation
            other = next(theirs)
        layer.set_weights([_widened(weights, wanted.shape)
                           for weights, wanted in zip(other.get_weights(), layer.get_weights())])
    assert next(theirs, None) is None


def _widened(weights, shape):
    """A kernel in the middle of a larger one, whose new taps are 0."""
    around = [(wanted - found) // 2 for wanted, found in zip(shape, weights.shape)]
    return np.pad(weights, [(one, one) for one in around])


def main():
    variant = sys.argv[1]
    told = dict(VARIANTS[variant])
    network = functools.partial(mobile_network, stem=8, blocks=told.pop("blocks"), head=224, classes=len(LABELS))
    runtime.seed(SEED)
    weights = train(told["key"], network, PHASES, Kind(KIND.least, KIND.greatest, restyle=True), SEED, start)
    export(network, weights, SIDE, KIND, made_by=f"python -m train.emoji176 {variant}",
           test_scenes=1200, samples=4, sample_folder="emoji176", **told)


if __name__ == "__main__":
    main()
