"""Reference values for the kernels of other libraries, from those libraries themselves.

Usage: python resize-kernels.py opencv > opencv-resize.json
       python resize-kernels.py tensorflow > tensorflow-resize.json
       python resize-kernels.py torch > torch-resize.json

Every case names its input by a rule both sides compute (`picture` below), its sizes and kernel, and holds every
`step`-th value of the result, base64: bytes, or little-endian float32 for TensorFlow, whose results are floats.
"""
import base64
import json
import sys

import numpy as np

SIZES = [
    ((500, 375), (341, 256)),
    ((320, 240), (96, 72)),
    ((37, 23), (101, 64)),
    ((101, 64), (37, 23)),
    ((64, 48), (32, 24)),
    ((96, 72), (32, 24)),
    ((90, 60), (45, 20)),
    ((64, 48), (64, 31)),
    ((64, 48), (33, 48)),
    ((17, 90), (90, 17)),
    ((30, 90), (45, 17)),
    ((5, 4), (56, 56)),
    ((80, 80), (64, 64)),
    ((40, 30), (1, 1)),
]
MOST = {"u1": 601, "f4": 211}


def picture(width, height):
    """Bytes of a linear congruence's high bits, with runs of 0 and 255 for overshoot: `[height, width, 3]`."""
    words = (np.arange(width * height * 3, dtype=np.uint64) * 2654435761 + 12345) & 0xFFFFFFFF
    values = (words >> 24).astype(np.int64)
    return np.where(values < 64, 0, np.where(values > 191, 255, values)).astype(np.uint8).reshape(height, width, 3)


def opencv():
    import cv2

    kernels = {
        "opencv-nearest": cv2.INTER_NEAREST,
        "opencv-linear": cv2.INTER_LINEAR,
        "opencv-cubic": cv2.INTER_CUBIC,
        "opencv-area": cv2.INTER_AREA,
        "opencv-lanczos4": cv2.INTER_LANCZOS4,
    }
    resizers = {name: lambda a, size, k=k: cv2.resize(a, size, interpolation=k) for name, k in kernels.items()}
    return cv2.__version__, resizers


def tensorflow():
    import tensorflow as tf

    def legacy(corners):
        return lambda a, size: tf.compat.v1.image.resize_bilinear(a[None], size[::-1], align_corners=corners)[0].numpy()

    def new(antialias):
        return lambda a, size: tf.image.resize(a, size[::-1], method="bilinear", antialias=antialias).numpy()

    return tf.__version__, {
        "tensorflow1-bilinear": legacy(False),
        "tensorflow1-bilinear-corners": legacy(True),
        "tensorflow2-bilinear": new(False),
        "tensorflow2-bilinear-antialias": new(True),
    }


def torch():
    """As torchvision's resize does with a tensor of bytes: floats, interpolate, clamp, round to even."""
    import torch

    def tensor(mode):
        def resize(a, size):
            x = torch.from_numpy(a).permute(2, 0, 1)[None].float()
            y = torch.nn.functional.interpolate(x, size=size[::-1], mode=mode, align_corners=False, antialias=False)
            return y.clamp(0, 255).round().to(torch.uint8)[0].permute(1, 2, 0).numpy()

        return resize

    return torch.__version__, {"torch-bilinear": tensor("bilinear"), "torch-bicubic": tensor("bicubic")}


def main(library):
    version, resizers = {"opencv": opencv, "tensorflow": tensorflow, "torch": torch}[library]()
    cases = []
    for (w, h), to in SIZES:
        for name, resize in resizers.items():
            values = np.ascontiguousarray(resize(picture(w, h), to))
            kind = "u1" if values.dtype == np.uint8 else "f4"
            flat = values.astype("<" + kind).ravel()
            step = max(1, -(-flat.size // MOST[kind]))
            step += step > 1 and step % 3 == 0  # every channel
            sample = base64.b64encode(flat[::step].tobytes()).decode()
            cases.append({"kernel": name, "from": [w, h], "to": list(to), "step": step, "values": sample})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    print(f'{{"library":"{library} {version}","cases":[\n{lines}\n]}}')


main(sys.argv[1])
