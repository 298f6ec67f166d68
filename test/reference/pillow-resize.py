"""Reference values for src/image/resize.ts, from Pillow itself.

Usage: python -m venv VENV && VENV/bin/pip install 'pillow<13' && VENV/bin/python pillow-resize.py > pillow-resize.json

Every case names its input by a rule both sides compute (`pixel` below), its sizes and kernel, and holds the SHA-256 of
the resulting bytes and the first and middle pixels, so that a mismatch shows how far off it is.
"""
import hashlib
import json
import struct

import PIL
from PIL import Image

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}
SIZES = [
    ((500, 375), (341, 256)),
    ((37, 23), (101, 64)),
    ((101, 64), (37, 23)),
    ((64, 48), (64, 31)),
    ((64, 48), (33, 48)),
    ((17, 90), (90, 17)),
    ((5, 4), (224, 224)),
    ((333, 250), (7, 5)),
    ((256, 255), (255, 256)),
    ((40, 30), (1, 1)),
]


def pixel(i):
    """Value of byte i of the interleaved input: a linear congruence's high byte, with runs of 0 and 255 for overshoot."""
    word = (i * 2654435761 + 12345) & 0xFFFFFFFF
    value = word >> 24
    return 0 if value < 64 else 255 if value > 191 else value


def picture(width, height):
    return Image.frombytes("RGB", (width, height), bytes(pixel(i) for i in range(width * height * 3)))


def main():
    cases = []
    for (w, h), (to_w, to_h) in SIZES:
        source = picture(w, h)
        for name, kernel in KERNELS.items():
            data = source.resize((to_w, to_h), kernel).tobytes()
            middle = (to_h // 2 * to_w + to_w // 2) * 3
            cases.append(
                {
                    "kernel": name,
                    "from": [w, h],
                    "to": [to_w, to_h],
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "first": list(data[:3]),
                    "middle": list(data[middle : middle + 3]),
                }
            )
    floats = []
    for name, kernel in KERNELS.items():
        source = Image.frombytes("F", (9, 7), b"".join(struct.pack("<f", pixel(i) / 2) for i in range(63)))
        values = source.resize((5, 12), kernel)
        floats.append({"kernel": name, "from": [9, 7], "to": [5, 12], "values": [values.getpixel((x, y)) for y in range(12) for x in range(5)]})
    print(json.dumps({"pillow": PIL.__version__, "cases": cases, "floats": floats}, indent=None, separators=(",", ":")).replace('{"kernel"', '\n{"kernel"'))


main()
