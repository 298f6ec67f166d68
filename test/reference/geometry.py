"""Shifts by fractions of a pixel and rotations of a small picture, computed without the product.

Fourier shifts by numpy's FFT, bilinear and rotated sampling by torch's grid_sample (corners aligned, so that its
reflection is about the middle of the edge pixels), bicubic by Keys' kernel written out (Pillow has a = -1 there, torch
a = -0.75), the direction of turns by Pillow; on floats of one channel.
Usage: python geometry.py > geometry.json
"""
import json
import math

import numpy as np
import PIL
import torch
from PIL import Image

HEIGHT, WIDTH = 11, 14


def phase(signal, by):
    """Shift of each row to the right; the Nyquist component of even lengths keeps its real part."""
    n = signal.shape[-1]
    k = np.fft.fftfreq(n) * n
    factor = np.exp(-2j * np.pi * k * by / n)
    if n % 2 == 0:
        factor[n // 2] = math.cos(math.pi * by)
    return np.real(np.fft.ifft(np.fft.fft(signal, axis=-1) * factor, axis=-1))


def fourier(picture, dx, dy, mirror):
    def along(rows, by):
        if not mirror:
            return phase(rows, by)
        return phase(np.concatenate([rows, rows[:, ::-1]], axis=1), by)[:, : rows.shape[1]]

    return along(along(picture, dx).T, dy).T


def sampled(picture, x, y, padding):
    """Bilinear at places (x, y) in pixels from the middle of the first."""
    h, w = picture.shape
    grid = torch.tensor(np.stack([2 * x / (w - 1) - 1, 2 * y / (h - 1) - 1], axis=-1))[None]
    source = torch.tensor(picture)[None, None]
    out = torch.nn.functional.grid_sample(source, grid, mode="bilinear", padding_mode=padding, align_corners=True)
    return out[0, 0].numpy()


def turned(picture, angle, scale, dx, dy, padding):
    """The content scaled, turned counter-clockwise about the middle, and moved right and down."""
    h, w = picture.shape
    rows, columns = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    z = ((columns + 0.5 - w / 2 - dx) - 1j * (rows + 0.5 - h / 2 - dy)) * np.exp(-1j * math.radians(angle)) / scale
    return sampled(picture, z.real + w / 2 - 0.5, -z.imag + h / 2 - 0.5, padding)


def keys(x, a=-0.5):
    x = np.abs(x)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def bicubic(picture, angle):
    """Every pixel of the picture weighted by its distance along both sides; edge pixels go on outside."""
    h, w = picture.shape
    source = np.pad(picture, 8, mode="edge")
    rows, columns = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    z = ((columns + 0.5 - w / 2) - 1j * (rows + 0.5 - h / 2)) * np.exp(-1j * math.radians(angle))
    x, y = z.real + w / 2 - 0.5 + 8, -z.imag + h / 2 - 0.5 + 8
    across = keys(x[..., None] - np.arange(source.shape[1]))
    down = keys(y[..., None] - np.arange(source.shape[0]))
    return np.einsum("hwj,ji,hwi->hw", down, source, across)


def bilinear(picture, dx, dy, wrap):
    h, w = picture.shape
    source = np.pad(picture, 4, mode="wrap" if wrap else "edge")
    rows, columns = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    return sampled(source, columns + 4.0 - dx, rows + 4.0 - dy, "border")


def main():
    rng = np.random.default_rng(6)
    picture = rng.integers(0, 256, (HEIGHT, WIDTH)).astype(np.float64)
    floats = Image.fromarray(picture.astype(np.float32), mode="F")
    as_lists = lambda values: np.round(values, 6).tolist()
    fractions = [(0.5, 0.25), (-1.3, 2.0), (0.1, -0.7)]
    placings = [(10, 1, 0, 0), (-37, 1, 2, -1), (63, 0.6, 0, 0), (200, 1.3, 0.5, 0)]
    result = {
        "made": f"numpy {np.__version__}, torch {torch.__version__}, Pillow {PIL.__version__}",
        "picture": picture.tolist(),
        "fourier": [
            {"dx": dx, "dy": dy, "ends": ends, "values": as_lists(fourier(picture, dx, dy, ends == "mirror"))}
            for dx, dy in fractions
            for ends in ("wrap", "mirror")
        ],
        "bilinear": [
            {"dx": dx, "dy": dy, "ends": ends, "values": as_lists(bilinear(picture, dx, dy, ends == "wrap"))}
            for dx, dy in fractions
            for ends in ("wrap", "mirror")
        ],
        "rotation": [
            {
                "angle": angle, "scale": scale, "dx": dx, "dy": dy, "border": border,
                "values": as_lists(turned(picture, angle, scale, dx, dy, padding)),
            }
            for angle, scale, dx, dy in placings
            for border, padding in (("reflect", "reflection"), ("edge", "border"), ("black", "zeros"))
        ],
        "bicubic": [{"angle": angle, "values": as_lists(bicubic(picture, angle))} for angle in (8, -25)],
        "pillow": [
            {"angle": angle, "values": as_lists(np.asarray(floats.rotate(angle, Image.Resampling.BILINEAR)))}
            for angle in (8, -25)
        ],
    }
    print(json.dumps(result, separators=(",", ":")))


if __name__ == "__main__":
    main()
