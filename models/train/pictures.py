"""Writes the first pictures of a model's tests, to be named through the page's own front end.

python -m train.pictures digits|fashion|emoji96|emoji176 [COUNT] makes .cache/tests/KEY-N.pictures and
.labels, one pair for each test: levels of 0 to 255 and classes, a byte each. Nothing is trained.
python -m train.pictures keywords makes folders of WAV files, .cache/tests/keywords-N, with .labels.
"""

import sys

import numpy as np

from .packages import CACHE

COUNT = 200


def tests(key, count):
    """Pictures and labels of each test, in the order in which the tests are measured."""
    if key == "digits":
        from . import digits
        pictures, labels = digits.load()
        return [(pictures[:digits.TEST], labels[:digits.TEST])]
    if key == "fashion":
        from . import fashion
        return [fashion.load("t10k")]
    from . import emoji, icons
    from .scenes import Kind, scenes
    side, kind = {"emoji96": (96, Kind()), "emoji176": (176, Kind(0.4, 0.9))}[key]
    # A scene depends on those before it alone: the first are the same, however many follow.
    sets = [(icons.known(), emoji.KNOWN_SEED), (icons.unseen(), emoji.UNSEEN_SEED)]
    return [scenes(known, side, count, seed, kind) for known, seed in sets]


def write_sounds(folder):
    """Every second of both tests, as a file of its own."""
    from . import sounds
    from .card import write_wave
    from .keywords import TEST
    for number, (seconds, labels, _) in enumerate(sounds.tests(TEST), 1):
        place = folder / f"keywords-{number}"
        place.mkdir(exist_ok=True)
        for index, second in enumerate(seconds):
            write_wave(place / f"{index:04}.wav", second)
        (folder / f"keywords-{number}.labels").write_bytes(labels.astype(np.uint8).tobytes())
        print(place, len(seconds))


def main():
    key, count = sys.argv[1], int((sys.argv + [COUNT])[2])
    folder = CACHE / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    if key == "keywords":
        write_sounds(folder)
        return
    for number, (pictures, labels) in enumerate(tests(key, count), 1):
        (folder / f"{key}-{number}.pictures").write_bytes(pictures[:count].tobytes())
        (folder / f"{key}-{number}.labels").write_bytes(labels[:count].astype(np.uint8).tobytes())
        print(folder / f"{key}-{number}.pictures", len(pictures[:count]))


if __name__ == "__main__":
    main()
