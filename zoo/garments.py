"""Fashion-MNIST garments as solid shapes: the source of every object in Textured Fashion.

Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST", MIT licence.  The four .gz files are those of
Debian's package dataset-fashion-mnist, or of any folder named by FASHION_MNIST.
"""
import gzip
import os
from dataclasses import dataclass

import numpy as np

FOLDER = os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist")
FILES = {"train": "train", "test": "t10k"}
CLASSES = ["t-shirt", "trouser", "pullover", "dress", "sandal", "sneaker", "bag", "boot"]
# Coat (4) and shirt (6) are left out: their silhouettes are those of pullover and t-shirt.
FASHION_LABELS = [0, 1, 2, 3, 5, 7, 8, 9]
SOLID = 0.15          # normalised grey from which a garment's pixel counts as cloth
SMALLEST_BODY = 64    # garments with fewer solid pixels of 28x28 are left out: nothing to recognise


@dataclass(frozen=True)
class Garments:
    grey: np.ndarray   # [n, 28, 28] float32, 0..1, each garment's maximum is 1
    body: np.ndarray   # the same with holes filled: says where the garment covers the backdrop
    label: np.ndarray  # [n], index into CLASSES


def load_garments(split, folder=FOLDER):
    """The garments of "train" or "test", normalised by their maximum, holes filled."""
    images = _read(f"{folder}/{FILES[split]}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    fashion_label = _read(f"{folder}/{FILES[split]}-labels-idx1-ubyte.gz", 8)
    lookup = np.full(10, -1)
    lookup[FASHION_LABELS] = np.arange(len(CLASSES))
    label = lookup[fashion_label]
    grey = images[label >= 0].astype(np.float32)
    label = label[label >= 0]
    grey /= grey.max((1, 2), keepdims=True)
    body = np.where(_holes(grey < SOLID, label), np.maximum(grey, 0.5), grey).astype(np.float32)
    kept = (body >= SOLID).sum((1, 2)) >= SMALLEST_BODY
    return Garments(grey[kept], body[kept], label[kept])


def _read(path, header):
    try:
        with gzip.open(path) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)
    except FileNotFoundError:
        raise SystemExit(f"Expected Fashion-MNIST at {path}: install dataset-fashion-mnist, "
                         "or name the folder of the four .gz files in FASHION_MNIST") from None


def _holes(empty, label):
    """Empty pixels that the picture's border cannot reach: prints and dark cloth.

    Openings that belong to the shape stay open: those of sandals, and those in the upper half
    of bags (handles), unless they are narrower than three pixels.
    """
    framed = np.pad(empty, ((0, 0), (1, 1), (1, 1)), constant_values=True)
    outside = np.zeros_like(framed)
    outside[:, [0, -1]] = outside[:, :, [0, -1]] = True
    while True:
        grown = _dilate(outside, diagonal=False) & framed
        if (grown == outside).all():
            break
        outside = grown
    enclosed = (framed & ~outside)[:, 1:-1, 1:-1]
    narrow = ~_dilate(~_dilate(~framed))[:, 1:-1, 1:-1]
    rows = np.arange(28)[None, :]
    worn = (~empty).any(2)
    middle = (worn * rows).max(1) / 2 + np.where(worn, rows, 28).min(1) / 2
    opening = (label == CLASSES.index("sandal"))[:, None] | (
        (label == CLASSES.index("bag"))[:, None] & (rows < middle[:, None]))
    return enclosed & (narrow | ~opening[:, :, None])


def _dilate(set_, diagonal=True):
    """Every pixel that is in the set or next to it, per picture of [n, h, w]."""
    rows = set_.copy()
    rows[:, 1:] |= set_[:, :-1]
    rows[:, :-1] |= set_[:, 1:]
    before = rows if diagonal else set_
    out = rows.copy()
    out[:, :, 1:] |= before[:, :, :-1]
    out[:, :, :-1] |= before[:, :, 1:]
    return out
