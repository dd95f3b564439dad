"""Icons on random backgrounds, as a camera might meet them: scenes made when they are needed."""

import dataclasses

import cv2
import numpy as np

from .icons import LABELS, SIDE
from .runtime import generator

cv2.setNumThreads(1)
_WIDE = 512
_noise = generator(2021).standard_normal((_WIDE, _WIDE, 1), np.float32)


@dataclasses.dataclass(frozen=True)
class Kind:
    """What scenes look like."""

    least: float = 0.5  # the icon's side over the scene's
    greatest: float = 1.0
    restyle: bool = False  # also changes how icons are drawn: for training alone


def scenes(icons, side, count, seed, kind):
    """`count` scenes with the classes in turn: uint8 pictures and labels, the same for the same seed."""
    rng = generator(*np.atleast_1d(seed).tolist())
    pictures = np.empty((count, side, side, 3), np.uint8)
    labels = np.arange(count) % len(LABELS)
    for picture, label in zip(pictures, labels):
        picture[:] = _scene(icons, rng.choice(icons.by_class[label]), side, rng, kind)
    return pictures, labels


def _scene(icons, index, side, rng, kind):
    icon = _placed(icons, index, side, rng, kind)
    colours, opacity = icon[..., :3].astype(np.float32), icon[..., 3:].astype(np.float32) / 255
    if kind.restyle:
        colours, opacity = _restyled(colours, opacity, rng)
    colours = colours * rng.uniform(0.75, 1.15)
    scene = colours + _background(side, rng) * (1 - opacity)
    scene = (scene - 128) * rng.uniform(0.7, 1.15) + (128 + rng.uniform(-25, 25))
    if rng.random() < 0.15:
        scene = cv2.GaussianBlur(scene, (3, 3), 0)
    if rng.random() < 0.4:
        scene = scene + _grain(side, rng) * rng.uniform(2, 14)
    return np.clip(scene, 0, 255)


def _placed(icons, index, side, rng, kind):
    """The icon turned, tilted, perhaps mirrored, at a random size and place: premultiplied RGBA."""
    wanted = rng.uniform(kind.least, kind.greatest) * side
    level = 0 if wanted > SIDE / 2 else 1 if wanted > SIDE / 4 else 2
    source = icons.levels[level][index]
    turn = np.deg2rad(rng.uniform(-20, 20))
    scale = wanted / source.shape[0]
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    turned = (turned + rng.uniform(-0.08, 0.08, (2, 2))) * scale
    if rng.random() < 0.5:
        turned[:, 0] = -turned[:, 0]
    reach = max(0.0, (side - 0.9 * wanted) / 2)
    middle = (side - 1) / 2 + rng.uniform(-reach, reach, 2)
    offset = middle - turned @ np.full(2, (source.shape[0] - 1) / 2)
    return cv2.warpAffine(source, np.column_stack([turned, offset]), (side, side), flags=cv2.INTER_LINEAR)


def _restyled(colours, opacity, rng):
    """Another hand's drawing: other hues, dark outlines, shades of grey, few tones."""
    if rng.random() < 0.35:
        mix = np.eye(3) + rng.uniform(-0.35, 0.35, (3, 3))
        mix /= mix.sum(1, keepdims=True)
        colours = np.clip(colours @ mix.T.astype(np.float32), 0, 255 * opacity)
    elif rng.random() < 0.15:
        grey = colours.mean(-1, keepdims=True)
        colours = colours * 0.2 + grey * 0.8
    if rng.random() < 0.15:
        step = rng.uniform(48, 90)
        colours = np.minimum(np.rint(colours / step) * step, 255 * opacity)
    if rng.random() < 0.35:
        colours, opacity = _outlined(colours, opacity, rng)
    return colours, opacity


def _outlined(colours, opacity, rng):
    """A dark line around the icon and, at times, along its inner edges."""
    width = int(rng.integers(1, 3))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    if rng.random() < 0.6:
        grey = np.ascontiguousarray(colours.mean(-1))
        edge = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, brush[:3, :3])[..., None]
        colours = colours * (1 - np.clip((edge - 25) / 40, 0, 1) * 0.9)
    if rng.random() < 0.3:  # flat white inside the lines, as in a colouring book
        colours = colours * 0.35 + 165 * opacity
    return colours, cv2.dilate(opacity[..., 0], brush)[..., None]


def _background(side, rng):
    """One of six kinds: plain, shaded, clouds, tiles, shapes, paper."""
    kind = rng.integers(6)
    colour = lambda: rng.integers(0, 256, 3).astype(np.float32)
    if kind == 0:
        return np.broadcast_to(colour(), (side, side, 3))
    if kind == 1:
        across, down = rng.uniform(-1, 1, 2)
        line = np.linspace(-0.5, 0.5, side, dtype=np.float32)
        mix = np.clip(0.5 + across * line[None, :] + down * line[:, None], 0, 1)[..., None].astype(np.float32)
        return colour() * mix + colour() * (1 - mix)
    if kind in (2, 3):
        cells = int(rng.integers(2, 9))
        coarse = rng.integers(0, 256, (cells, cells, 3)).astype(np.float32)
        how = cv2.INTER_CUBIC if kind == 2 else cv2.INTER_NEAREST
        return np.clip(cv2.resize(coarse, (side, side), interpolation=how), 0, 255)
    if kind == 4:
        return _shapes(np.tile(colour(), (side, side, 1)), rng)
    return np.full((side, side, 3), rng.choice((255, 240, 128, 20)), np.float32)


def _shapes(picture, rng):
    side = picture.shape[0]
    for _ in range(rng.integers(2, 9)):
        colour = [float(c) for c in rng.integers(0, 256, 3)]
        first, last = (tuple(int(c) for c in rng.integers(0, side, 2)) for _ in range(2))
        kind = rng.integers(3)
        if kind == 0:
            cv2.rectangle(picture, first, last, colour, -1)
        elif kind == 1:
            cv2.circle(picture, first, int(rng.integers(2, side // 3)), colour, int(rng.choice((-1, 2, 4))))
        else:
            cv2.line(picture, first, last, colour, int(rng.integers(1, side // 12)))
    return picture


def _grain(side, rng):
    top, left = rng.integers(0, _WIDE - side, 2)
    return _noise[top : top + side, left : left + side]
