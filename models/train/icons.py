"""Emoji of several icon sets as pictures: which things, from which sets, drawn by render_icons.mjs."""

import functools
import json
import subprocess

import cv2
import numpy as np

from .packages import CACHE, HERE, npm

SIDE = 160
# Sets whose licences let what is made of them go anywhere: trained on.
KNOWN_SETS = ("noto", "noto-v1", "fxemoji", "fluent-emoji", "fluent-emoji-flat", "twemoji", "emojione",
              "streamline-emojis")
# CC-BY-SA: never trained on and never shipped, only asked about as styles that the network has not seen.
UNSEEN_SETS = ("openmoji", "emojione-v1")
RENDERER_ABORTS = {("noto-v1", "hot-beverage")}  # the whole process, with resvg-js 2.6.2

CLASSES = {
    "cat": "cat cat-face black-cat grinning-cat grinning-cat-with-smiling-eyes smiling-cat-with-heart-eyes "
           "kissing-cat grinning-cat-face grinning-cat-face-with-smiling-eyes smiling-cat-face-with-heart-eyes",
    "dog": "dog dog-face poodle guide-dog service-dog",
    "bird": "bird baby-chick front-facing-baby-chick chicken rooster penguin duck owl eagle parrot dove swan turkey",
    "fish": "fish tropical-fish blowfish shark",
    "car": "automobile oncoming-automobile taxi oncoming-taxi sport-utility-vehicle police-car oncoming-police-car "
           "racing-car",
    "airplane": "airplane small-airplane airplane-departure airplane-arrival",
    "boat": "sailboat motor-boat speedboat ship passenger-ship ferry",
    "bicycle": "bicycle motorcycle motor-scooter",
    "house": "house house-with-garden houses hut derelict-house",
    "tree": "evergreen-tree deciduous-tree palm-tree christmas-tree",
    "flower": "tulip rose sunflower hibiscus cherry-blossom blossom bouquet hyacinth",
    "apple": "red-apple green-apple",
    "banana": "banana",
    "pizza": "pizza",
    "cake": "birthday-cake shortcake cupcake",
    "cup": "hot-beverage teacup-without-handle beer-mug",
    "clock": "alarm-clock mantelpiece-clock one-oclock three-oclock five-oclock eight-oclock ten-oclock twelve-oclock "
             "one-thirty four-thirty seven-thirty ten-thirty watch",
    "book": "closed-book green-book blue-book orange-book open-book notebook-with-decorative-cover books",
    "shoe": "running-shoe mans-shoe hiking-boot high-heeled-shoe womans-boot flat-shoe",
    "umbrella": "umbrella umbrella-with-rain-drops closed-umbrella umbrella-on-ground beach-with-umbrella",
    "ball": "soccer-ball basketball baseball softball tennis volleyball",
    "face": "grinning-face grinning-face-with-big-eyes grinning-face-with-smiling-eyes beaming-face-with-smiling-eyes "
            "slightly-smiling-face smiling-face-with-smiling-eyes neutral-face winking-face crying-face frowning-face "
            "angry-face pouting-face smiling-face-with-sunglasses smiling-face-with-heart-eyes face-with-tears-of-joy "
            "face-with-tongue sleeping-face nerd-face",
    "hand": "thumbs-up thumbs-down raised-hand waving-hand victory-hand ok-hand hand-with-fingers-splayed raised-fist "
            "oncoming-fist vulcan-salute crossed-fingers sign-of-the-horns",
    "heart": "red-heart orange-heart yellow-heart green-heart blue-heart purple-heart black-heart white-heart "
             "heart-suit growing-heart beating-heart sparkling-heart",
}
LABELS = list(CLASSES)


def _names(found, wish):
    """A wish's icons in one set; some sets number their variants."""
    variants = [wish, *(f"{wish}-{number}" for number in range(1, 6))]
    return [name for name in variants if name in found]


def _list(sets):
    """Set, name and class of every icon there is."""
    listed = []
    for one in sets:
        data = json.loads((npm(f"@iconify-json/{one}") / "icons.json").read_text())
        aliases = {name: alias["parent"] for name, alias in data.get("aliases", {}).items()}
        found = data["icons"].keys() | aliases.keys()
        for label, wishes in enumerate(CLASSES.values()):
            names = {name: None for wish in wishes.split() for name in _names(found, wish)}
            taken = dict.fromkeys(aliases.get(name, name) for name in names)
            listed += [(one, name, label) for name in taken
                       if name in data["icons"] and (one, name) not in RENDERER_ABORTS]
    return listed


class Icons:
    """The icons of some sets: premultiplied RGBA at full, half and quarter size, by class."""

    def __init__(self, sets):
        self.listed = _list(sets)
        self._draw()
        full = [_premultiplied(self._file(one, name)) for one, name, _ in self.listed]
        halved = lambda pictures: [cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for p in pictures]
        self.levels = [full, halved(full), halved(halved(full))]
        labels = np.array([label for _, _, label in self.listed])
        self.by_class = [np.flatnonzero(labels == label) for label in range(len(LABELS))]

    def _file(self, one, name):
        return CACHE / f"icons{SIDE}" / one / f"{name}.png"

    def _draw(self):
        missing = [(one, name) for one, name, _ in self.listed if not self._file(one, name).exists()]
        if missing:
            wishes = CACHE / "wishes.json"
            wishes.write_text(json.dumps({"side": SIDE, "icons": missing, "packages": str(CACHE)}))
            subprocess.run(["node", HERE / "render_icons.mjs", wishes, CACHE / f"icons{SIDE}"], check=True)


def _premultiplied(file):
    bgra = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    rgba = cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA).astype(np.float32)
    rgba[..., :3] *= rgba[..., 3:] / 255
    return np.rint(rgba).astype(np.uint8)


@functools.cache
def known():
    return Icons(KNOWN_SETS)


@functools.cache
def unseen():
    return Icons(UNSEEN_SETS)
