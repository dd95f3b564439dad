#!/usr/bin/env python3
"""Makes a placement problem whose least height is known: a rectangle of address x time, cut up.

    python3 tests/problems/make_cut.py 60 > tests/problems/cut_60.csv
    python3 tests/problems/make_cut.py 90 > tests/problems/cut_90.csv

A rectangle of HEIGHT bytes and STEPS steps is cut into so many pieces without a gap, each either
across (two buffers above each other) or down (two after each other). So at every step exactly
HEIGHT bytes are live, and the pieces as they were cut are a plan without a wasted byte. Nothing but
the standard library; the same seed gives the same file. The exact planner proves the first one within a
second and is far from done with the second after ten.
"""

import random
import sys

SEED, HEIGHT, STEPS = 5, 65_536, 400


def main(count: int) -> None:
    dice = random.Random(SEED)
    pieces = [(0, STEPS, HEIGHT)]
    while len(pieces) < count:
        # A piece is as likely to be cut as it is large.
        at = dice.choices(range(len(pieces)), [(end - first) * size for first, end, size in pieces])[0]
        first, end, size = pieces.pop(at)
        share = dice.uniform(0.2, 0.8)
        if dice.random() < 0.5 and end - first > 4:
            middle = first + round((end - first) * share)
            pieces += [(first, middle, size), (middle, end, size)]
        elif size > 64:
            lower = round(size * share / 16) * 16
            pieces += [(first, end, lower), (first, end, size - lower)]
        else:
            pieces.append((first, end, size))
    dice.shuffle(pieces)
    print("id,lower,upper,size")
    for number, (first, end, size) in enumerate(pieces):
        print(f"b{number},{first},{end},{size}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
