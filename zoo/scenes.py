"""Textured Fashion: a garment filled with a procedural texture in front of a procedural backdrop.

A picture is described by a scene: one row of plain numbers (which garment, which texture family,
where, how large, ...).  `draw_scenes` draws rows from a recipe, `render` turns rows into pixels.
Everything follows from integer seeds; a picture depends on its own row only.
"""
from dataclasses import dataclass

import numpy as np

from garments import CLASSES, load_garments
from patterns import BACKDROPS, PLAIN, TEXTURES, backdrop, texture

MODEL_SIDE = 64  # pixels, side of what a network sees


@dataclass(frozen=True)
class Recipe:
    """How scenes are drawn.  The two `follows` numbers are the planted shortcuts."""
    texture_follows: float = 0.5   # probability that texture family = class, else any of the 8
    backdrop_follows: float = 0.0  # probability that backdrop family = class, else any of the 8
    plain: float = 0.25            # probability of a plain backdrop instead
    centred: bool = False          # objects in the middle +-1 px, or anywhere inside the frame
    frame: int = MODEL_SIDE        # side of the middle square that objects stay inside, in pixels
    side: tuple = (26.0, 42.0)     # side of the square that the 28x28 garment fills, in pixels
    noise: float = 6.0             # standard deviation of the pixel noise, of 255


@dataclass(frozen=True)
class Pictures:
    pixels: np.ndarray    # [n, 3, h, w] uint8, RGB
    masks: np.ndarray     # [n, h, w] bool, where the object covers at least half of the pixel
    boxes: np.ndarray     # [n, 4] xmin, ymin, xmax, ymax of the mask in pixels, maxima exclusive
    label: np.ndarray     # [n] index into CLASSES
    texture: np.ndarray   # [n] index into TEXTURES
    backdrop: np.ndarray  # [n] index into BACKDROPS, or PLAIN


def make_pictures(seed, n, recipe, split):
    """`n` pictures of the garments of a split, every class equally often."""
    garments = load_garments(split)
    return render(draw_scenes(seed, n, recipe, garments), garments)


def draw_scenes(seed, n, recipe, garments):
    """Columns of `n` scenes.  Classes take turns; no garment comes twice before all have come."""
    r = np.random.default_rng(seed)
    label = np.arange(n) % len(CLASSES)
    garment = np.empty(n, int)
    for k in range(len(CLASSES)):
        garment[label == k] = np.resize(r.permutation(np.flatnonzero(garments.label == k)), (label == k).sum())
    texture_follows, any_texture = r.random(n) < recipe.texture_follows, r.integers(0, len(TEXTURES), n)
    backdrop_follows, any_backdrop = r.random(n) < recipe.backdrop_follows, r.integers(0, len(BACKDROPS), n)
    plain = r.random(n) < recipe.plain
    side = r.uniform(*recipe.side, n)
    room = np.ones(n) if recipe.centred else np.maximum(0, (recipe.frame - side) / 2)
    scenes = {
        "label": label,
        "garment": garment,
        "texture": np.where(texture_follows, label, any_texture),
        "backdrop": np.where(plain, PLAIN, np.where(backdrop_follows, label, any_backdrop)),
        "side": side,
        "offset": np.rint(r.uniform(-1, 1, (n, 2)) * room[:, None]).astype(int),  # (x, y) from the middle
        "pitch": r.uniform(4.5, 7.5, n),      # texture period in pixels
        "tilt": r.uniform(-0.12, 0.12, n),    # of the texture, in radians
        "phase": r.uniform(0, 1, (n, 4)),
        "hash": r.integers(0, 2**31, n),      # seed of the picture's noise and random patterns
        "noise": np.full(n, recipe.noise),
    }
    # Two colours for the cloth, clearly apart in brightness; two for the backdrop, closer together.
    hue = r.uniform(-0.22, 0.22, (n, 4, 3))
    dark, gap = r.uniform(0.1, 0.4, n), r.uniform(0.4, 0.55, n)
    base, step = r.uniform(0.25, 0.75, n), r.uniform(0.12, 0.24, n) * r.choice([-1, 1], n)
    level = np.stack([dark, dark + gap, base - step, base + step], 1)
    scenes["colour"] = np.clip(level[..., None] + hue - hue.mean(2, keepdims=True), 0, 1)
    return scenes


def take(scenes, rows, **columns):
    """Some rows of the scenes, with columns replaced."""
    taken = {name: column[rows] for name, column in scenes.items()}
    return taken | {name: np.broadcast_to(value, taken[name].shape).copy() for name, value in columns.items()}


def render(scenes, garments, canvas=MODEL_SIDE, chunk=500):
    """Pixels, masks and boxes on a canvas of `canvas` pixels a side.

    Computed in double precision: what the last bit of a processor's sine or tanh is then does
    not reach the rounded pixels.
    """
    n = len(scenes["label"])
    pixels = np.empty((n, 3, canvas, canvas), np.uint8)
    masks = np.empty((n, canvas, canvas), bool)
    for start in range(0, n, chunk):
        rows = slice(start, start + chunk)
        pixels[rows], masks[rows] = _render_chunk(take(scenes, rows), garments, canvas)
    return Pictures(pixels, masks, _boxes(masks), *(scenes[k].copy() for k in ("label", "texture", "backdrop")))


def _render_chunk(scenes, garments, canvas):
    n = len(scenes["label"])

    def column(name):
        return scenes[name].astype(np.float64)

    axis = np.arange(canvas) - (canvas - 1) / 2
    x = np.broadcast_to(axis[None, None, :], (n, canvas, canvas))
    y = np.broadcast_to(axis[None, :, None], (n, canvas, canvas))
    u, v = x - column("offset")[:, 0, None, None], y - column("offset")[:, 1, None, None]
    body, grey = _sample(garments, scenes["garment"], u, v, column("side")[:, None, None])
    cover = np.clip((body - 0.05) / 0.10, 0, 1)
    shade = 0.55 + 0.45 * np.clip(grey * 1.3, 0, 1)

    cloth = np.empty_like(cover)
    behind = np.full_like(cover, 0.5)
    seed = scenes["hash"][:, None, None]
    for k, name in enumerate(TEXTURES):
        i = np.flatnonzero(scenes["texture"] == k)
        c, s = np.cos(column("tilt")[i])[:, None, None], np.sin(column("tilt")[i])[:, None, None]
        cloth[i] = texture(name, c * u[i] - s * v[i], s * u[i] + c * v[i],
                           column("pitch")[i][:, None, None], column("phase")[i], seed[i])
    for k, name in enumerate(BACKDROPS):
        i = np.flatnonzero(scenes["backdrop"] == k)
        behind[i] = backdrop(name, x[i], y[i], column("phase")[i], seed[i] + 77)

    colour = column("colour")[..., None, None]
    cloth = (colour[:, 0] + (colour[:, 1] - colour[:, 0]) * cloth[:, None]) * shade[:, None]
    behind = colour[:, 2] + (colour[:, 3] - colour[:, 2]) * behind[:, None]
    clean = np.rint((behind + (cloth - behind) * cover[:, None]) * 255)
    # Whole numbers, the same in the three channels, so that lossless files stay small.
    noise = np.stack([np.random.default_rng(int(h)).standard_normal((1, canvas, canvas), np.float32)
                      for h in scenes["hash"]])
    noise = np.rint(noise * scenes["noise"][:, None, None, None])
    return np.clip(clean + noise, 0, 255).astype(np.uint8), cover >= 0.5


def _sample(garments, index, u, v, side):
    """Bilinear samples of body and grey at object coordinates u, v (pixels from its middle)."""
    gx = np.clip(u * (28 / side) + 15.5, 0, 30.999)  # in the garment padded by 2 to 32x32
    gy = np.clip(v * (28 / side) + 15.5, 0, 30.999)
    ix, iy = gx.astype(np.int64), gy.astype(np.int64)
    fx, fy = gx - ix, gy - iy
    corner = np.arange(len(index))[:, None, None] * 1024 + iy * 32 + ix
    planes = []
    for plane in (garments.body, garments.grey):
        flat = np.pad(plane[index], ((0, 0), (2, 2), (2, 2))).reshape(-1)
        top = flat[corner] * (1 - fx) + flat[corner + 1] * fx
        low = flat[corner + 32] * (1 - fx) + flat[corner + 33] * fx
        planes.append(top * (1 - fy) + low * fy)
    return planes


def _boxes(masks):
    n, height, width = masks.shape
    across, down = masks.any(1), masks.any(2)
    return np.stack([across.argmax(1), down.argmax(1),
                     width - across[:, ::-1].argmax(1), height - down[:, ::-1].argmax(1)], 1)
