"""The same things at 176x176, in two variants: python -m train.emoji176 plain|redistributed

Layer by layer the early high-resolution part needs 302 KiB. In patches every 3x3 there makes the halo
wider, which is computed again by each neighbour. The second variant moves receptive field from there
to the part behind: MCUNetV2's redistribution (Lin et al. 2021).
"""

import functools
import sys

from . import runtime  # first: it sets TensorFlow's threads
from .blocks import mobile_network
from .emoji import export, train
from .fit import Phase
from .icons import LABELS
from .scenes import Kind

SIDE = 176
SEED = 176
KIND = Kind(0.4, 0.9)
PHASES = [Phase(8, 5e-3, side=80), Phase(6, 4e-3, side=112), Phase(2, 2e-3, side=176)]
# Filters, expansion, kernel, stride. Up to the fifth block the map is 22x22: that is the patch stage.
PLAIN = [(8, 1, 3, 1), (16, 4, 3, 2), (16, 4, 3, 1), (24, 4, 3, 2), (24, 4, 3, 1),
         (48, 4, 3, 2), (48, 4, 3, 1), (48, 4, 3, 1), (80, 4, 3, 2), (80, 4, 3, 1), (96, 4, 3, 1)]
# No spatial kernel in the stage but those with a stride; two of 5x5 behind it.
REDISTRIBUTED = [(8, 1, 1, 1), (16, 4, 3, 2), (16, 4, 1, 1), (24, 4, 3, 2), (24, 4, 1, 1),
                 (48, 4, 5, 2), (48, 4, 5, 1), (48, 4, 3, 1), (80, 4, 3, 2), (80, 4, 3, 1), (96, 4, 3, 1)]


def receptive_field(blocks):
    """Side of the input region that one cell behind these blocks sees, the stem (3x3, stride 2) included."""
    side, stride = 3, 2
    for _, _, kernel, step in blocks:
        side += (kernel - 1) * stride
        stride *= step
    return side


def fields(blocks):
    return f"receptive field {receptive_field(blocks[:5])} pixels in the patch stage, {receptive_field(blocks)} in all"


VARIANTS = {
    "plain": {
        "blocks": PLAIN, "key": "emoji176", "name": "24 everyday things at 176",
        "teaches": "When patches decide: layer by layer it does not fit 256 KiB, in patches it fits 128 KiB.",
        "notes": (f"Its {fields(PLAIN)}. Trained alike: emoji176_rd.",),
        "schedules": (("4x4 patches up to the 22x22 map", 17, "4x4"),),
    },
    "redistributed": {
        "blocks": REDISTRIBUTED, "key": "emoji176_rd", "name": "24 everyday things at 176, receptive field moved",
        "teaches": "How redistribution makes patches cheap: the early kernels are smaller, so halos and recompute "
                   "shrink; later kernels are larger instead.",
        "notes": (f"Its {fields(REDISTRIBUTED)}. Trained alike: emoji176.",),
        "schedules": (("4x4 patches up to the 22x22 map", 14, "4x4"),),
    },
}


def main():
    variant = sys.argv[1]
    told = dict(VARIANTS[variant])
    network = functools.partial(mobile_network, stem=8, blocks=told.pop("blocks"), head=160, classes=len(LABELS))
    runtime.seed(SEED)
    weights = train(told["key"], network, PHASES, Kind(KIND.least, KIND.greatest, restyle=True), SEED)
    export(network, weights, SIDE, KIND, made_by=f"python -m train.emoji176 {variant}",
           samples=4, sample_folder="emoji176", **told)


if __name__ == "__main__":
    main()
