"""Measure trained variants on held-out pictures: python measure.py --weights FOLDER [--seed 0] [NAME ...]

Adds the numbers to seeds.json.  Every variant and seed sees the same pictures, through the graph
that is shipped.  Changes of the answer are over neighbouring pairs of a diagonal path, -4 to 4 px.
"""
import json
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from command_line import variants_parser
from garments import CLASSES, load_garments
from networks import prepare
from onnx_graph import INPUT, onnx_bytes
from scenes import MODEL_SIDE, Recipe, draw_scenes, make_pictures, render
from train import load
from variants import ORDINARY, VARIANTS, variant

SEEDS = Path(__file__).parent / "seeds.json"
SHIFTS = range(-4, 5)
CORNERS = [(x, y) for y in (-15, 15) for x in (-15, 15)]
RESAMPLES = 2000


def measure(classify, recipe):
    """All measures of a classifier, a function from uint8 [n, 3, 64, 64] to logits [n, 8]."""

    def answer(pixels):
        return classify(pixels.reshape(-1, *pixels.shape[-3:])).argmax(1).reshape(pixels.shape[:-3])

    def correct(pictures):
        return answer(pictures.pixels) == pictures.label

    result = {"accuracy": proportion(correct(test_pictures(recipe))),
              "ordinaryAccuracy": proportion(correct(test_pictures(ORDINARY))),
              "top1Change": {}}
    for kind in ("plain", "cyclic", "crop"):
        top = answer(shifted_pictures(kind))
        result["top1Change"][kind] = mean((top[:, 1:] != top[:, :-1]).mean(1))
    conflict = conflict_pictures()
    top = answer(conflict.pixels)
    result["shapeBias"] = ratio(top == conflict.label, (top == conflict.label) | (top == conflict.texture))
    same, other = (correct(pictures) for pictures in backdrop_pictures())
    result["backgroundGap"] = mean(same.astype(float) - other)
    positions = {key: mean(np.mean([correct(p) for p in placed_pictures(key)], 0)) for key in ("centre", "corners")}
    result["accuracyAt"] = positions
    return result


def onnx_classifier(model, batch=64):
    """Logits by onnxruntime, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(pixels):
        return session.run(None, {INPUT: prepare(torch.from_numpy(pixels)).numpy()})[0]

    return lambda pixels: np.concatenate([run(pixels[i:i + batch]) for i in range(0, len(pixels), batch)])


# ---- pictures

@cache
def garments():
    return load_garments("test")


def scenes(seed, n, **recipe):
    return draw_scenes(seed, n, Recipe(**recipe), garments())


@cache
def test_pictures(recipe):
    return make_pictures(201, 2000, recipe, "test")


@cache
def shifted_pictures(kind, n=500):
    """[n, 9, 3, 64, 64]; plain and cyclic roll the picture, crop moves a window over a larger one."""
    drawn = scenes(202, n, frame=MODEL_SIDE - 8, plain=float(kind == "plain"))
    if kind == "crop":
        wide = render(drawn, garments(), MODEL_SIDE + 16).pixels

        def window(shift):
            return slice(8 - shift, 8 - shift + MODEL_SIDE)

        return np.stack([wide[:, :, window(shift), window(shift)] for shift in SHIFTS], 1)
    pixels = render(drawn, garments()).pixels
    return np.stack([np.roll(pixels, (shift, shift), (2, 3)) for shift in SHIFTS], 1)


@cache
def conflict_pictures(n=800):
    drawn = scenes(203, n)
    drawn["texture"] = other_class(drawn["label"])
    return render(drawn, garments())


@cache
def backdrop_pictures(n=800):
    """The same scenes before the backdrop of their class and of another one."""
    drawn = scenes(204, n, plain=0)
    return [render(drawn | {"backdrop": family}, garments()) for family in (drawn["label"], other_class(drawn["label"]))]


@cache
def placed_pictures(key, n=400):
    drawn = scenes(205, n, side=(28.0, 32.0))
    return [render(drawn | {"offset": np.broadcast_to(at, (n, 2))}, garments())
            for at in ([(0, 0)] if key == "centre" else CORNERS)]


def other_class(label):
    """Another class than each label; taking turns, all seven."""
    return (label + 1 + np.arange(len(label)) // len(CLASSES) % (len(CLASSES) - 1)) % len(CLASSES)


# ---- estimates

def proportion(right, z=1.959964):
    """Wilson 1927, one answer a picture."""
    n, p = len(right), right.mean()
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return _estimate(p, *((middle + sign * half) / (1 + z * z / n) for sign in (-1, 1)), n)


def mean(values):
    """95 % percentile bootstrap over pictures."""
    return ratio(values, np.ones(len(values)))


def ratio(numerator, denominator):
    """Ratio of sums; the bootstrap resamples pictures."""
    resampled = np.random.default_rng(0).integers(0, len(numerator), (RESAMPLES, len(numerator)))
    values = numerator[resampled].sum(1) / denominator[resampled].sum(1)
    return _estimate(numerator.sum() / denominator.sum(), *np.percentile(values, [2.5, 97.5]), len(numerator))


def _estimate(value, low, high, pictures):
    return {"value": round(float(value), 4), "low": round(float(low), 4), "high": round(float(high), 4), "pictures": pictures}


def add_to_seeds(name, seed, result):
    """Put a result into seeds.json, in the order of the table of variants."""
    known = json.loads(SEEDS.read_text()) if SEEDS.exists() else {}
    known.setdefault(name, {})[str(seed)] = result
    ordered = {name: dict(sorted(known[name].items())) for name in VARIANTS if name in known}
    SEEDS.write_text(json.dumps(ordered, indent=1) + "\n")


if __name__ == "__main__":
    options = variants_parser(__doc__).parse_args()
    for name in options.names:
        network = load(name, options.seed, options.weights)
        result = measure(onnx_classifier(onnx_bytes(network, name, "")), variant(name).recipe)
        add_to_seeds(name, options.seed, result)
        print(name, options.seed, json.dumps(result), flush=True)
