"""Check the shipped zoo and fixtures: python check.py [--weights FOLDER]

One line a check with the measured number; exit code 1 if any fails.  With --weights (the folder
that train.py wrote to) the graphs are written again and PyTorch is run again as well; without it
PyTorch's logits are those of reference.json.
"""
import argparse
import filecmp
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from fixtures import FOLDER as FIXTURES
from fixtures import FOLDERS, make_fixtures, read_centre, read_labels
from garments import CLASSES, load_garments
from measure import onnx_classifier
from patterns import TEXTURES
from scenes import MODEL_SIDE, draw_scenes, make_pictures
from ship import MODELS, REFERENCE, onnx_of, pytorch_logits, small_pictures
from train import load
from variants import ORDINARY, VARIANTS

MEGABYTE = 1_000_000


def checks(weights):
    """(what, measured, bound, holds) of every check, one after the other."""
    yield from generator_checks()
    yield from fixture_checks()
    yield from model_checks(weights)
    yield from exactness_checks()


def generator_checks():
    one, again, other = (make_pictures(seed, 64, ORDINARY, "test") for seed in (7, 7, 8))
    same = all(np.array_equal(getattr(one, k), getattr(again, k)) for k in vars(one))
    yield equal("generator: pictures that differ when a seed is used twice", 0 if same else 64, 0)
    differing = int((one.pixels != other.pixels).any((1, 2, 3)).sum())
    yield equal("generator: pictures that differ when the seed does", differing, 64)
    part = make_pictures(7, 64, replace(ORDINARY, noise=0.0), "test")
    deviation = (one.pixels.astype(float) - part.pixels)[(part.pixels > 30) & (part.pixels < 225)].std()
    yield within("generator: standard deviation of the noise, asked 6", deviation, 5.9, 6.1)

    garments, n = load_garments("train"), 40_000
    for follows in (0.0, 0.5, 1.0):
        scenes = draw_scenes(11, n, replace(ORDINARY, texture_follows=follows), garments)
        asked = follows + (1 - follows) / len(TEXTURES)
        share = (scenes["texture"] == scenes["label"]).mean()
        yield within(f"generator: share of textures that are the class's, asked {asked:.4f}", share, asked - 0.01, asked + 0.01)
    scenes = draw_scenes(11, n, ORDINARY, garments)
    linked = np.corrcoef(np.stack([scenes["label"], scenes["backdrop"], scenes["side"], *scenes["offset"].T, scenes["pitch"]]))
    yield at_most("generator: largest correlation among class, backdrop, side, position and pitch",
                  np.abs(linked - np.eye(len(linked))).max(), 0.02)
    repeated = n - len(np.unique(scenes["garment"]))
    yield equal("generator: training garments that come twice", repeated, 0)


def fixture_checks():
    outside = empty = loose = 0
    seen, uneven = [], 0
    for name in FOLDERS:
        folder, rows = FIXTURES / name, read_labels(FIXTURES / name)
        counts = np.bincount([int(row["class_index"]) for row in rows], minlength=len(CLASSES))
        uneven += int(counts.max() - counts.min())
        seen.append(len(rows))
        for row in rows:
            mask = np.asarray(Image.open(folder / row["mask"]))
            xmin, ymin, xmax, ymax = (int(row[k]) for k in ("xmin", "ymin", "xmax", "ymax"))
            within_box = mask[ymin:ymax, xmin:xmax]
            empty += not mask.any()
            outside += int(mask.sum() - within_box.sum())
            loose += not all(edge.any() for edge in (within_box[0], within_box[-1], within_box[:, 0], within_box[:, -1]))
            loose += xmin < 16 or ymin < 16 or xmax > 64 or ymax > 64
    yield equal(f"fixtures: pictures in {', '.join(FOLDERS)}", seen, [240, 24, 56, 56])
    yield equal("fixtures: classes' counts, largest minus smallest", uneven, 0)
    yield equal("fixtures: mask pixels outside their boxes", outside, 0)
    yield equal("fixtures: empty masks", empty, 0)
    yield equal("fixtures: boxes that are larger than their masks or leave the middle 48x48", loose, 0)
    rows = read_labels(FIXTURES / "pictures")
    agree = sum(row["texture"] == TEXTURES[int(row["class_index"])] for row in rows if row["kind"] == "conflict")
    yield equal("fixtures: cue-conflict pictures with their own class's texture", agree, 0)
    with tempfile.TemporaryDirectory() as folder:
        make_fixtures(Path(folder))
        made = [path.relative_to(folder) for path in Path(folder).rglob("*") if path.is_file()]
        _, changed, missing = filecmp.cmpfiles(folder, FIXTURES, made, shallow=False)
    yield equal(f"fixtures: files of {len(made)} that are not made again byte for byte", len(changed) + len(missing), 0)
    yield at_most("fixtures: megabytes", size(FIXTURES) / MEGABYTE, 2.5)


def model_checks(weights):
    unknown = {path.name for path in MODELS.iterdir()} ^ set(VARIANTS)
    yield equal("models: folders that are no variant's, or missing", sorted(unknown), [])
    yield at_most("models: megabytes", size(MODELS) / MEGABYTE, 8)
    reference = json.loads(REFERENCE.read_text())
    files, pixels = small_pictures()
    yield equal("models: pictures of reference.json that are those of fixtures/small", reference["pictures"] == files, True)

    def gap(name, expected, x):
        return np.abs(classifier(name)(x) - expected).max()

    worst = max(gap(name, np.array(reference["logits"][name]), pixels) for name in VARIANTS)
    yield at_most("models: |PyTorch - onnxruntime|, reference.json", worst, 1e-4)
    if weights is None:
        return
    differing = [name for name in VARIANTS
                 if onnx_of(name, 0, load(name, 0, weights)) != (MODELS / name / "model.onnx").read_bytes()]
    yield equal("models: graphs that are not written again byte for byte", differing, [])
    pixels = np.stack([read_centre(FIXTURES / "pictures", row["file"]) for row in read_labels(FIXTURES / "pictures")])
    for name in VARIANTS:
        expected = pytorch_logits(load(name, 0, weights), pixels)
        yield at_most(f"models: |PyTorch - onnxruntime| on all fixtures, {name}", gap(name, expected, pixels), 1e-4)


def exactness_checks():
    pixels = small_pictures()[1]
    shifts = [(y, x) for y in range(16) for x in range(16)]
    over_phases = [classifier("stride-circular")(rolled(p, shifts)).mean(0) for p in pixels[::3]]
    difference = np.abs(classifier("dense")(pixels[::3]) - over_phases).max()
    yield at_most("exactness: |dense - mean of stride-circular over 256 cyclic shifts|", difference, 1e-5)
    everywhere = [(y, x) for y in range(MODEL_SIDE) for x in range(MODEL_SIDE)]
    for kind, picture in zip(("plain", "mixed", "conflict"), pixels[::8]):
        logits = classifier("aps-blur")(rolled(picture, everywhere))
        yield equal(f"exactness: aps-blur's different logits over 4096 cyclic shifts, {kind}", len(np.unique(logits, axis=0)), 1)
    alone, together = (np.concatenate([classifier("aps-blur", batch)(rolled(p, everywhere[::61])) for p in pixels])
                       for batch in (1, 64))
    yield equal("exactness: aps-blur's logits that differ between batches of 1 and 64", int((alone != together).sum()), 0)
    changed = classifier("stride-circular")(rolled(pixels[0], everywhere))
    yield within("control: stride-circular's different logits over the same shifts", len(np.unique(changed, axis=0)), 256, 4096)


def classifier(name, batch=64):
    return onnx_classifier((MODELS / name / "model.onnx").read_bytes(), batch)


def rolled(picture, shifts):
    return np.stack([np.roll(picture, shift, (1, 2)) for shift in shifts])


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def equal(what, measured, expected):
    return what, measured, f"= {expected}", measured == expected


def at_most(what, measured, bound):
    return what, f"{measured:.3g}", f"<= {bound:g}", bool(measured <= bound)


def within(what, measured, low, high):
    return what, f"{measured:.4g}", f"in [{low:.4g}, {high:.4g}]", bool(low <= measured <= high)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path)
    torch.set_num_threads(1)
    failed = 0
    for what, measured, bound, holds in checks(parser.parse_args().weights):
        print(f"{'ok  ' if holds else 'FAIL'} {what}: {measured} ({bound})", flush=True)
        failed += not holds
    sys.exit(1 if failed else 0)
