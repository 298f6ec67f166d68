"""How much an embedded colour profile moves an answer: accuracy with profiles ignored, and converted to sRGB.

Usage: python profiles.py MODEL_FOLDER PICTURES_FOLDER LABELS_CSV
"""
import csv
import io
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageCms, ImageOps

folder, pictures = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
rows = list(csv.DictReader(open(sys.argv[3])))
pre = json.loads((folder / "preprocessor_config.json").read_text())
side, crop = pre["size"]["shortest_edge"], pre["crop_size"]["height"]
session = onnxruntime.InferenceSession(str(folder / "model.onnx"))


def answer(path, convert):
    picture = Image.open(path)
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    if convert and profile:
        picture = ImageCms.profileToProfile(picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"))
    w, h = picture.size
    size = (side, side * h // w) if w <= h else (side * w // h, side)
    x = np.asarray(picture.resize(size, pre["resample"]))
    top, left = (size[1] - crop) // 2, (size[0] - crop) // 2
    x = x[top : top + crop, left : left + crop].astype(np.float32) * np.float32(pre["rescale_factor"])
    x = (x - np.float32(pre["image_mean"])) / np.float32(pre["image_std"])
    return int(session.run(None, {session.get_inputs()[0].name: x.transpose(2, 0, 1)[None]})[0][0].argmax())


answers = {convert: [answer(pictures / row["file"], convert) for row in rows] for convert in (False, True)}
for convert, found in answers.items():
    right = sum(a == int(row["class_index"]) for a, row in zip(found, rows))
    print(f"profiles {'converted' if convert else 'ignored'}: {right} of {len(rows)} right")
print("answers that differ:", sum(a != b for a, b in zip(answers[False], answers[True])))
