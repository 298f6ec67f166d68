"""Procedural brightness patterns: eight texture families for cloth, eight backdrop families.

All take coordinates in pixels, [n, h, w], and per-picture parameters; all return 0..1.
"""
import numpy as np

TEXTURES = ["rows", "columns", "diagonal", "checks", "dots", "grain", "blobs", "waves"]
BACKDROPS = ["bands", "panels", "rings", "horizon", "clouds", "bricks", "discs", "hatch"]
PLAIN = -1  # index of the backdrop without a pattern


def texture(name, x, y, pitch, phase, seed):
    """Cloth; x, y from the object's middle, `pitch` is the period in pixels."""
    a, b = phase[:, 0, None, None], phase[:, 1, None, None]
    if name == "rows":
        return _square_wave(y / pitch + a)
    if name == "columns":
        return _square_wave(x / pitch + a)
    if name == "diagonal":
        return _square_wave((x + y) * 0.7071 / pitch + a)
    if name == "checks":
        return _soft(6 * np.sin(np.pi * (x / pitch + a)) * np.sin(np.pi * (y / pitch + b)))
    if name == "dots":
        return _soft(12 * (0.3 - np.hypot((x / pitch + a) % 1 - 0.5, (y / pitch + b) % 1 - 0.5)))
    if name == "grain":
        return _value_noise(x, y, 1 + 0.1 * pitch, seed)
    if name == "blobs":
        return _soft(9 * (_value_noise(x, y, 0.9 * pitch, seed) - 0.5))
    if name == "waves":
        return _square_wave(y / pitch + 0.45 * np.sin(2 * np.pi * (x / (1.9 * pitch) + a)) + b)
    raise ValueError(f"Expected a texture of {TEXTURES} but received {name!r}")


def backdrop(name, x, y, phase, seed):
    """Backdrop; x, y from the middle of the frame."""
    a, b, c, d = (phase[:, i, None, None] for i in range(4))
    if name == "bands":
        return _sine(y / (20 + 8 * b) + a)
    if name == "panels":
        return _sine(x / (20 + 8 * b) + a)
    if name == "rings":
        return _sine(np.hypot(x - 30 * (a - 0.5), y - 30 * (b - 0.5)) / (14 + 6 * c))
    if name == "horizon":
        ground = 0.15 + 0.5 * _value_noise(x / 3, y, 2, seed)
        return np.where(y > 24 * (a - 0.3), ground, 0.9 - 0.004 * (y + 32))
    if name == "clouds":
        return 0.7 * _value_noise(x, y, 13, seed) + 0.3 * _value_noise(x, y, 6, seed + 1)
    if name == "bricks":
        row, across = np.floor(y / (8 + 2 * b) + a), x / (15 + 4 * c) + d
        across = across + 0.5 * (row % 2)
        mortar = ((y / (8 + 2 * b) + a) % 1 < 0.16) | (across % 1 < 0.09)
        return np.where(mortar, 0, 0.6 + 0.4 * _lattice(np.floor(across), row, seed))
    if name == "discs":
        u, v = x / (15 + 4 * c) + a, y / (15 + 4 * c) + b
        radius = 0.2 + 0.28 * _lattice(np.floor(u), np.floor(v), seed)
        return _soft(14 * (radius - np.hypot(u % 1 - 0.5, v % 1 - 0.5)))
    if name == "hatch":
        rising, falling = (x + y) / (11 + 3 * c) + a, (x - y) / (11 + 3 * c) + b
        line = (np.abs(rising % 1 - 0.5) < 0.12) | (np.abs(falling % 1 - 0.5) < 0.12)
        return np.where(line, 0.95, 0.25)
    raise ValueError(f"Expected a backdrop of {BACKDROPS} but received {name!r}")


def _soft(t):
    return 0.5 + 0.5 * np.tanh(t)


def _sine(t):
    return 0.5 + 0.5 * np.sin(2 * np.pi * t)


def _square_wave(t):
    """Square wave of period 1 with soft edges."""
    return _soft(3 * np.sin(2 * np.pi * t))


def _lattice(column, row, seed):
    """A random number for every point of the integer grid, by hashing its coordinates."""
    column, row, seed = (np.asarray(v).astype(np.int64).astype(np.uint32) for v in (column, row, seed))
    h = column * np.uint32(374761393) + row * np.uint32(668265263) + seed * np.uint32(2246822519)
    h = (h ^ (h >> 13)) * np.uint32(1274126177)
    h = (h ^ (h >> 15)) * np.uint32(2246822519)
    return ((h ^ (h >> 16)) & np.uint32(0xFFFFFF)) / 0xFFFFFF


def _value_noise(x, y, pitch, seed):
    """Random numbers on a grid of `pitch` pixels, smoothly interpolated."""
    x, y = x / pitch, y / pitch
    column, row = np.floor(x), np.floor(y)
    fx, fy = x - column, y - row
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)

    def at(right, down):
        return _lattice(column + right, row + down, seed)

    top = at(0, 0) * (1 - fx) + at(1, 0) * fx
    low = at(0, 1) * (1 - fx) + at(1, 1) * fx
    return top * (1 - fy) + low * fy
