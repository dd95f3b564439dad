"""Prints the table of ../README.md from the cards: python -m train.table"""

import json

from .packages import HERE

HEAD = """\
| model | input | right (first three), n | file | MACs | arena | smallest in patches |
|---|---|---|---|---|---|---|"""


def kib(count):
    return f"{count / 1024:.1f} KiB"


def accuracy(row):
    return f"{row['test']}: {row['int8_top1']:.1%} ({row['int8_top3']:.1%}), {row['n']:,}"


def row(card):
    figures, size = card["figures"], card["input"]
    shape = f"{size['height']}x{size['width']}x{3 if size['channels'] == 'rgb' else 1}"
    patched = min(figures["patched"], key=lambda one: one["arena_bytes"], default=None)
    least = f"{kib(patched['arena_bytes'])}, MACs x {patched['macs_ratio']:.2f}" if patched else "none"
    cells = [f"`{card['key']}`", shape, "<br>".join(map(accuracy, card["accuracy"])), f"{figures['file_bytes']:,} B",
             f"{figures['macs'] / 1e6:.1f} M", kib(figures["arena_bytes"]), least]
    return f"| {' | '.join(cells)} |"


def main():
    cards = [json.loads(file.read_text()) for file in HERE.parent.glob("*.json")]
    cards = [card for card in cards if card["accuracy"]]  # the untrained ones have a section of their own
    print("\n".join([HEAD, *map(row, sorted(cards, key=lambda card: card["figures"]["macs"]))]))


if __name__ == "__main__":
    main()
