"""What a one-pixel shift does to three models, computed without the product: the reference its tests compare with.

Canvas 256 (pictures are 256 x 256 PNGs: nothing is resized), diagonal path c = -4..4, content moving by (c, c):
crop   = window with corner (o - c, o - c), o = floor((256 - m) / 2)
cyclic = centre m x m window, rolled by (c, c)
Embedded colour profiles are ignored: seven of the pictures have one that isn't sRGB's, and two conversions of it differ
by a grey level in some pixels, which turns near ties. The product is given copies without profile (without-profile.ts).
Usage: python shift.py MODELS_FOLDER PICTURES_FOLDER > shift.json
"""
import csv
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image

MODELS = ["efficientnet-lite0", "mobilenet-v1-0.5-160", "mobilenet-v1-0.25-128"]
PATH = range(-4, 5)


def crop(picture, m, c):
    o = (picture.shape[0] - m) // 2
    return picture[o - c : o - c + m, o - c : o - c + m]


def cyclic(picture, m, c):
    return np.roll(crop(picture, m, 0), (c, c), axis=(0, 1))


def probabilities(session, pre, view):
    x = view.astype(np.float32) * np.float32(pre["rescale_factor"])
    x = (x - np.float32(pre["image_mean"])) / np.float32(pre["image_std"])
    logits = session.run(None, {session.get_inputs()[0].name: x.transpose(2, 0, 1)[None]})[0][0].astype(np.float64)
    e = np.exp(logits - logits.max())
    return e / e.sum()


def measured(session, pre, pictures, labels, surround):
    m = pre["crop_size"]["height"]
    p = np.array([[probabilities(session, pre, surround(x, m, c)) for c in PATH] for x in pictures])
    order = np.argsort(-p, axis=2, kind="stable")
    top1, top5 = order[:, :, 0], order[:, :, :5]
    k = top1[:, :-1, None]
    pa, pb = np.take_along_axis(p[:, :-1], k, 2), np.take_along_axis(p[:, 1:], k, 2)
    in5 = (top5 == labels[:, None, None]).any(axis=2)
    best = np.sort(p, axis=2)
    return {
        "pictures": len(pictures),
        "top1Change": float((top1[:, :-1] != top1[:, 1:]).mean()),
        "meanAbsoluteChange": float(np.abs(pa - pb).mean()),
        "jaggedness": float((in5[:, :-1] & ~in5[:, 1:]).sum() / in5[:, :-1].sum()),
        "accuracy": float((top1[:, 4] == labels).mean()),
        "top5Accuracy": float(in5[:, 4].mean()),
        "worstAccuracy": float((top1 == labels[:, None]).all(axis=1).mean()),
        "smallestGap": float((best[:, :, -1] - best[:, :, -2]).min()),
        "top1": top1.tolist(),
    }


def main(models, folder):
    rows = sorted(csv.DictReader(open(folder / "labels.csv")), key=lambda row: row["file"])
    pictures = [np.asarray(Image.open(folder / row["file"]).convert("RGB")) for row in rows]
    labels = np.array([int(row["class_index"]) for row in rows])
    result = {
        "made": f"onnxruntime {onnxruntime.__version__}, numpy {np.__version__}, Pillow {Image.__version__}",
        "canvas": 256,
        "files": [row["file"] for row in rows],
        "models": {},
    }
    for name in MODELS:
        pre = json.load(open(models / name / "preprocessor_config.json"))
        session = onnxruntime.InferenceSession(models / name / "model.onnx", providers=["CPUExecutionProvider"])
        result["models"][name] = {
            s.__name__: measured(session, pre, pictures, labels, s) for s in (crop, cyclic)
        }
    print(json.dumps(result, separators=(",", ":")))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
