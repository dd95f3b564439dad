"""Small pictures drawn by arithmetic: the samples of the page and the pictures that calibrate the models.

Everything is computed from coordinates and seeds with numpy, so the files are the project's own and
come out the same on every machine. A drawing works at four times the final size and is averaged down.
"""

import struct
import zlib

import numpy as np

OVERSAMPLING = 4


class Canvas:
    """An RGB picture under construction; coordinates and sizes are fractions of its side."""

    def __init__(self, size):
        self.size = size
        side = size * OVERSAMPLING
        self.y, self.x = (np.mgrid[0:side, 0:side] + 0.5) / side
        self.rgb = np.zeros((side, side, 3))

    def paint(self, mask, colour):
        """Paints where `mask` holds; `colour` is an RGB triple or an array of the canvas's shape."""
        self.rgb = np.where(mask[..., None], np.asarray(colour, dtype=float), self.rgb)

    def gradient(self, top, bottom, mask=None):
        """Blends two colours from the canvas's top to its bottom."""
        t = self.y[..., None]
        blend = np.asarray(top, float) * (1 - t) + np.asarray(bottom, float) * t
        self.paint(np.ones_like(self.x, bool) if mask is None else mask, blend)

    def ellipse(self, cx, cy, rx, ry=None):
        """The mask of an ellipse, or of a circle when one radius is given."""
        return ((self.x - cx) / rx) ** 2 + ((self.y - cy) / (ry or rx)) ** 2 <= 1

    def box(self, left, top, right, bottom):
        """The mask of a rectangle."""
        return (self.x >= left) & (self.x <= right) & (self.y >= top) & (self.y <= bottom)

    def polygon(self, *corners):
        """The mask of a convex polygon, corners in clockwise order as seen on the screen."""
        mask = np.ones_like(self.x, bool)
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1]):
            mask &= (bx - ax) * (self.y - ay) - (by - ay) * (self.x - ax) >= 0
        return mask

    def pixels(self, grain=0.0, seed=0):
        """The finished picture as uint8, with a little seeded grain if wanted."""
        small = self.rgb.reshape(self.size, OVERSAMPLING, self.size, OVERSAMPLING, 3).mean((1, 3))
        if grain:
            small = small + grain * np.random.RandomState(seed).standard_normal(small.shape)
        return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def beach(size=128):
    """A sun low over the sea, its glitter, sand with a parasol."""
    c = Canvas(size)
    c.gradient((70, 140, 215), (255, 205, 150))
    c.paint(c.ellipse(0.68, 0.36, 0.20), (255, 214, 150))
    c.paint(c.ellipse(0.68, 0.36, 0.12), (255, 244, 190))
    for cx, cy, r in [(0.20, 0.17, 0.07), (0.28, 0.14, 0.09), (0.37, 0.18, 0.06)]:
        c.paint(c.ellipse(cx, cy, r, r * 0.6), (250, 240, 235))
    sea = (c.y > 0.46) & (c.y < 0.74 + 0.015 * np.sin(c.x * 17))
    c.gradient((20, 105, 150), (60, 190, 190), sea)
    width = 0.05 + 0.16 * (c.y - 0.46)
    glitter = sea & (np.abs(c.x - 0.68 + 0.02 * np.sin(c.y * 150)) < width) & (np.sin(c.y * 210) > 0.1)
    c.paint(glitter, (255, 232, 175))
    foam = (c.y > 0.725 + 0.015 * np.sin(c.x * 17)) & (c.y < 0.755 + 0.012 * np.sin(c.x * 23 + 1))
    sand = c.y >= 0.74 + 0.015 * np.sin(c.x * 17)
    c.gradient((245, 215, 150), (225, 180, 110), sand)
    c.paint(foam, (245, 250, 250))
    c.paint(c.ellipse(0.36, 0.93, 0.20, 0.03), (190, 148, 92))
    c.paint(c.polygon((0.262, 0.55), (0.275, 0.55), (0.325, 0.93), (0.310, 0.93)), (120, 78, 50))
    top = c.ellipse(0.26, 0.60, 0.21, 0.15) & (c.y < 0.60)
    angle = np.floor((c.x - 0.05) / 0.07).astype(int) % 2 == 0
    c.paint(top & angle, (220, 60, 60))
    c.paint(top & ~angle, (250, 245, 235))
    return c.pixels()


def cup(size=128):
    """A steaming cup on a wooden table, in front of a window."""
    c = Canvas(size)
    c.gradient((226, 214, 196), (206, 190, 170))
    c.paint(c.box(0.08, 0.06, 0.50, 0.52), (245, 245, 240))
    c.gradient((120, 180, 225), (205, 230, 240), c.box(0.11, 0.09, 0.47, 0.49))
    c.paint(c.ellipse(0.20, 0.52, 0.13, 0.16) & c.box(0.11, 0.09, 0.47, 0.49), (90, 150, 90))
    c.paint(c.ellipse(0.38, 0.55, 0.15, 0.20) & c.box(0.11, 0.09, 0.47, 0.49), (70, 130, 80))
    c.paint(c.box(0.28, 0.09, 0.30, 0.49), (245, 245, 240))
    grain = np.sin(c.y * 160 + 3 * np.sin(c.x * 7)) * 0.5 + np.sin(c.y * 61 + 2 * np.sin(c.x * 3)) * 0.5
    wood = np.stack([150 + 14 * grain, 96 + 11 * grain, 56 + 8 * grain], -1)
    c.paint(c.y > 0.62, wood)
    c.paint(c.ellipse(0.60, 0.87, 0.33, 0.06), (95, 58, 34))
    c.paint(c.ellipse(0.57, 0.85, 0.31, 0.055), (235, 235, 230))
    c.paint(c.ellipse(0.57, 0.84, 0.27, 0.04), (214, 214, 210))
    handle = c.ellipse(0.80, 0.62, 0.13, 0.14) & ~c.ellipse(0.80, 0.62, 0.07, 0.085)
    c.paint(handle, (205, 72, 62))
    body = c.box(0.33, 0.47, 0.81, 0.66) | c.ellipse(0.57, 0.66, 0.24, 0.19)
    shade = np.clip(1.12 - 1.3 * np.abs(c.x - 0.47), 0.5, 1.1)[..., None]
    c.paint(body, np.array([226, 84, 72]) * shade)
    c.paint(c.ellipse(0.57, 0.47, 0.24, 0.065), (240, 120, 105))
    c.paint(c.ellipse(0.57, 0.475, 0.205, 0.048), (74, 42, 26))
    c.paint(c.ellipse(0.52, 0.472, 0.07, 0.014), (150, 100, 66))
    for at in (0.49, 0.58, 0.67):
        wisp = np.abs(c.x - at - 0.022 * np.sin(c.y * 26 + at * 40)) < 0.010 * (1 - np.abs(c.y - 0.28) / 0.16)
        c.paint(wisp & (c.y > 0.12) & (c.y < 0.44), (250, 248, 244))
    return c.pixels()


def cat(size=128):
    """A ginger cat's face before a teal wall."""
    c = Canvas(size)
    dots = ((c.x * 9 + np.floor(c.y * 9) % 2 * 0.5) % 1 - 0.5) ** 2 + ((c.y * 9) % 1 - 0.5) ** 2
    c.gradient((60, 140, 145), (30, 95, 110))
    c.paint(dots < 0.03, (95, 175, 175))
    fur, dark, cream = (232, 150, 70), (186, 102, 40), (250, 232, 205)
    c.paint(c.ellipse(0.5, 1.05, 0.36, 0.34), dark)
    for side in (-1, 1):
        ear = [(0.5 + side * 0.34, 0.10), (0.5 + side * 0.36, 0.50), (0.5 + side * 0.06, 0.30)]
        inner = [(0.5 + side * 0.31, 0.18), (0.5 + side * 0.32, 0.45), (0.5 + side * 0.13, 0.31)]
        order = 1 if side == 1 else -1
        c.paint(c.polygon(*ear[::order]), fur)
        c.paint(c.polygon(*inner[::order]), (245, 180, 165))
    head = c.ellipse(0.5, 0.58, 0.38, 0.33)
    c.paint(head, fur)
    for at in (-0.12, 0.0, 0.12):
        c.paint(head & (np.abs(c.x - 0.5 - at * (1.6 - 2 * c.y)) < 0.022) & (c.y < 0.40 - abs(at) * 0.3), dark)
    for side in (-1, 1):
        for row in (0.60, 0.68):
            cheek = np.abs(c.y - row - 0.15 * side * (c.x - 0.5)) < 0.014
            c.paint(head & cheek & (side * (c.x - 0.5) > 0.27), dark)
        c.paint(c.ellipse(0.5 + side * 0.09, 0.73, 0.12, 0.10), cream)
        eye = c.ellipse(0.5 + side * 0.16, 0.53, 0.085, 0.075)
        c.paint(eye, (190, 220, 110))
        c.paint(c.ellipse(0.5 + side * 0.16, 0.53, 0.028, 0.068), (20, 24, 20))
        c.paint(c.ellipse(0.5 + side * 0.16 - 0.03, 0.50, 0.016), (255, 255, 255))
    c.paint(c.polygon((0.455, 0.645), (0.545, 0.645), (0.5, 0.695)), (215, 105, 105))
    c.paint((np.abs(c.x - 0.5) < 0.007) & (c.y > 0.69) & (c.y < 0.74), (110, 60, 45))
    for side in (-1, 1):
        ring = c.ellipse(0.5 + side * 0.05, 0.735, 0.05, 0.04) & ~c.ellipse(0.5 + side * 0.05, 0.73, 0.042, 0.034)
        c.paint(ring & (c.y > 0.735), (110, 60, 45))
        for k in (-1, 0, 1):
            line = np.abs(c.y - 0.715 - side * (c.x - 0.5) * 0.22 * k) < 0.005
            c.paint(line & (side * (c.x - 0.5) > 0.14) & (side * (c.x - 0.5) < 0.42), (252, 246, 236))
    return c.pixels()


def shapes(size=128):
    """Circles, boxes and triangles on a checked ground, for looking at edges in feature maps."""
    c = Canvas(size)
    checks = (np.floor(c.x * 8) + np.floor(c.y * 8)) % 2 == 0
    c.paint(np.ones_like(c.x, bool), (244, 240, 230))
    c.paint(checks, (226, 220, 206))
    c.paint(c.ellipse(0.30, 0.30, 0.20), (38, 98, 166))
    c.paint(c.ellipse(0.30, 0.30, 0.11), (244, 240, 230))
    c.paint(c.box(0.56, 0.12, 0.88, 0.44), (222, 82, 62))
    c.paint(c.box(0.66, 0.22, 0.78, 0.34) & ((np.floor(c.x * 50) % 2) == 0), (250, 220, 120))
    c.paint(c.polygon((0.28, 0.56), (0.48, 0.90), (0.08, 0.90)), (56, 142, 90))
    c.paint(c.polygon((0.28, 0.68), (0.38, 0.85), (0.18, 0.85)), (190, 226, 170))
    ring = np.hypot(c.x - 0.72, c.y - 0.73)
    c.paint((ring < 0.21) & (np.sin(ring * 95) > 0), (112, 66, 140))
    return c.pixels()


SAMPLES = {"beach": beach, "cup": cup, "cat": cat, "shapes": shapes}


def random_scene(size, seed):
    """A seeded picture of gradients, shapes and stripes, to give a network's statistics something real."""
    rng = np.random.RandomState(seed)
    c = Canvas(size)
    colour = lambda: rng.randint(0, 256, 3)
    c.gradient(colour(), colour())
    for _ in range(rng.randint(4, 12)):
        cx, cy = rng.uniform(0, 1, 2)
        rx, ry = rng.uniform(0.04, 0.35, 2)
        kind = rng.randint(0, 4)
        if kind == 0:
            mask = c.ellipse(cx, cy, rx, ry)
        elif kind == 1:
            mask = c.box(cx - rx, cy - ry, cx + rx, cy + ry)
        elif kind == 2:
            mask = c.polygon((cx, cy - ry), (cx + rx, cy + ry), (cx - rx, cy + ry))
        else:
            turn, pitch = rng.uniform(0, np.pi), rng.uniform(20, 200)
            wave = np.sin(pitch * (c.x * np.cos(turn) + c.y * np.sin(turn)))
            mask = c.ellipse(cx, cy, rx, ry) & (wave > 0)
        c.gradient(colour(), colour(), mask)
    return c.pixels(rng.uniform(0, 12), seed)


def png(pixels):
    """Encodes an RGB uint8 picture as PNG, each row with the filter of least absolute sum.

    The deflate stream is the only part that another zlib build could make differently; its pixels
    are the same.
    """
    height, width, _ = pixels.shape
    rows = pixels.astype(np.int32).reshape(height, width * 3)
    left = np.pad(rows, ((0, 0), (3, 0)))[:, :-3]
    up = np.pad(rows, ((1, 0), (0, 0)))[:-1]
    corner = np.pad(left, ((1, 0), (0, 0)))[:-1]
    guess = left + up - corner
    to_left, to_up, to_corner = np.abs(guess - left), np.abs(guess - up), np.abs(guess - corner)
    paeth = np.where((to_left <= to_up) & (to_left <= to_corner), left, np.where(to_up <= to_corner, up, corner))
    filtered = [((rows - base) % 256).astype(np.uint8) for base in (0, left, up, (left + up) // 2, paeth)]
    cost = np.array([np.abs(f.astype(np.int8).astype(int)).sum(1) for f in filtered])
    best = cost.argmin(0)
    raw = b"".join(bytes([best[y]]) + filtered[best[y]][y].tobytes() for y in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
