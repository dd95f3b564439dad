"""24 everyday things on random scenes at 96x96: python -m train.emoji96"""

import functools

from . import runtime  # first: it sets TensorFlow's threads
from .blocks import mobile_network
from .emoji import export, train
from .fit import Phase
from .icons import LABELS
from .scenes import Kind

KEY = "emoji96"
SIDE = 96
SEED = 96
KIND = Kind(restyle=True)
# Filters, expansion, kernel, stride.
BLOCKS = [(8, 1, 3, 1), (16, 4, 3, 2), (16, 4, 3, 1), (32, 4, 3, 2), (32, 4, 3, 1), (72, 4, 5, 2), (72, 4, 5, 1),
          (72, 4, 3, 1), (112, 6, 3, 1)]
PHASES = [Phase(12, 5e-3, side=48), Phase(22, 4e-3, side=64), Phase(6, 2e-3, side=96)]

network = functools.partial(mobile_network, stem=8, blocks=BLOCKS, head=224, classes=len(LABELS))


def main():
    runtime.seed(SEED)
    weights = train(KEY, network, PHASES, KIND, SEED)
    export(network, weights, SIDE, Kind(), key=KEY, name="24 everyday things", made_by="python -m train.emoji96",
           test_scenes=2400, samples=6,
           teaches="What an MCUNet-like network is made of: inverted residuals with depthwise convolutions, and an "
                   "early high-resolution part that patches shrink.")


if __name__ == "__main__":
    main()
