"""Make the shipped pictures: python fixtures.py [FOLDER]   (default: ../fixtures)

All from held-out garments.  Scenes are 80x80 for networks that see 64x64: the object lies inside
the middle 48x48, so that every 64-pixel window whose corner is at 0..16 holds all of it.
"""
import csv
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from garments import CLASSES, load_garments
from patterns import BACKDROPS, PLAIN, TEXTURES
from scenes import Recipe, draw_scenes, render, take

CANVAS = 80
FRAME = 46  # the square of the garment; its soft edge may reach a pixel further
COLUMNS = ["file", "class_index", "label", "kind", "texture", "backdrop", "xmin", "ymin", "xmax", "ymax", "mask"]
FOLDER = Path(__file__).parent.parent / "fixtures"
FOLDERS = ["pictures", "small", "backgrounds/same", "backgrounds/random"]
KINDS = {"plain": 160, "mixed": 40, "conflict": 40}
PAIRS = 56


def make_fixtures(folder):
    """Write the four sets below `folder`, replacing what is there."""
    garments = load_garments("test")
    scenes = draw_scenes(100, sum(KINDS.values()) + PAIRS, Recipe(frame=FRAME), garments)
    first, small = 0, []
    destination = _emptied(folder / "pictures")
    for kind, count in KINDS.items():
        rows = np.arange(first, first + count)
        label, turn = scenes["label"][rows], np.arange(count) // len(CLASSES)
        columns = {
            # Backdrops without a pattern: the shift story.
            "plain": {"backdrop": PLAIN},
            # Each class sees as many backdrop families as it has pictures, each family as many classes.
            "mixed": {"backdrop": (label + turn) % len(BACKDROPS)},
            # The texture of another class than the shape's, each other class at most once.
            "conflict": {"backdrop": PLAIN, "texture": _other(label, turn + label)},
        }[kind]
        written = _write(destination, kind, render(take(scenes, rows, **columns), garments, CANVAS))
        small += written[:len(CLASSES)]
        _append(destination, written)
        first += count
    _copy(destination, _emptied(folder / "small"), small)

    rows = np.arange(first, first + PAIRS)
    label, turn = scenes["label"][rows], np.arange(PAIRS) // len(CLASSES)
    for kind, family in {"same": label, "random": _other(label, turn)}.items():
        destination = _emptied(folder / "backgrounds" / kind)
        pictures = render(take(scenes, rows, backdrop=family), garments, CANVAS)
        _append(destination, _write(destination, kind, pictures, name="garment"))


def read_labels(folder):
    """The rows of a set's labels.csv as dictionaries."""
    with open(folder / "labels.csv", newline="") as file:
        return list(csv.DictReader(file))


def read_centre(folder, file, side=64):
    """[3, side, side] uint8, the middle of a picture: what a model folder's preprocessing feeds."""
    with Image.open(folder / file) as image:
        pixels = np.asarray(image.convert("RGB"))
    start = (len(pixels) - side) // 2
    return pixels[start:start + side, start:start + side].transpose(2, 0, 1)


def _other(label, turn):
    """Another class than `label`; seven turns give all seven."""
    return (label + 1 + turn % (len(CLASSES) - 1)) % len(CLASSES)


def _emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "masks").mkdir(parents=True)
    return folder


def _write(folder, kind, pictures, name=None):
    """Save pictures and masks; returns their rows of labels.csv."""
    rows = []
    for i, (pixels, mask) in enumerate(zip(pictures.pixels, pictures.masks)):
        stem = f"{name or kind}-{i:03}"
        Image.fromarray(pixels.transpose(1, 2, 0)).save(
            folder / f"{stem}.webp", lossless=True, quality=100, method=6, exact=True)
        Image.fromarray(mask).save(folder / "masks" / f"{stem}.png", optimize=True)
        label, texture, backdrop = pictures.label[i], pictures.texture[i], pictures.backdrop[i]
        rows.append([f"{stem}.webp", label, CLASSES[label], kind, TEXTURES[texture],
                     "plain" if backdrop == PLAIN else BACKDROPS[backdrop], *pictures.boxes[i], f"masks/{stem}.png"])
    return rows


def _append(folder, rows):
    path = folder / "labels.csv"
    heading = [] if path.exists() else [COLUMNS]
    with open(path, "a", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(heading + rows)


def _copy(source, destination, rows):
    for row in rows:
        for file in (row[0], row[-1]):
            shutil.copyfile(source / file, destination / file)
    _append(destination, rows)


if __name__ == "__main__":
    make_fixtures(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
