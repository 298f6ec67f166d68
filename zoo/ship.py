"""Write what is shipped: python ship.py --weights FOLDER [--seed 0] [NAME ...]

models/NAME/ holds model.onnx, config.json, preprocessor_config.json, card.json and README.md.
Without names also reference.json, PyTorch's logits for fixtures/small, and RESULTS.md.  Measured
numbers come from seeds.json.
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from command_line import variants_parser
from fixtures import CANVAS, read_centre, read_labels
from fixtures import FOLDER as FIXTURES
from garments import CLASSES
from measure import SEEDS, onnx_classifier
from networks import prepare
from onnx_graph import INPUT, OUTPUT, onnx_bytes
from scenes import MODEL_SIDE
from train import EPOCHS, PICTURES, load
from variants import VARIANTS, variant

MODELS = Path(__file__).parent / "models"
REFERENCE = Path(__file__).parent / "reference.json"
RESULTS = Path(__file__).parent / "RESULTS.md"
LICENCE = "MIT"
DATA_LICENCE = "MIT: Fashion-MNIST, copyright 2017 Zalando SE"

CONFIG = {
    "model_type": "textured-fashion",
    "output": "logits",
    "num_labels": len(CLASSES),
    "id2label": {str(k): name for k, name in enumerate(CLASSES)},
    "label2id": {name: k for k, name in enumerate(CLASSES)},
    "image_size": MODEL_SIDE,
    "num_channels": 3,
    "input_name": INPUT,
    "input_layout": "NCHW",
    "output_name": OUTPUT,
}
PREPROCESSING = {
    "do_resize": True,
    "size": {"shortest_edge": CANVAS},
    "resample": 2,
    "do_center_crop": True,
    "crop_size": {"height": MODEL_SIDE, "width": MODEL_SIDE},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}
MEASURES = {
    "accuracy, own recipe": lambda m: m["accuracy"],
    "accuracy, ordinary recipe": lambda m: m["ordinaryAccuracy"],
    "changes, plain": lambda m: m["top1Change"]["plain"],
    "changes, cyclic": lambda m: m["top1Change"]["cyclic"],
    "changes, crop": lambda m: m["top1Change"]["crop"],
    "shape bias": lambda m: m["shapeBias"],
    "backdrop gap": lambda m: m["backgroundGap"],
    "accuracy, middle": lambda m: m["accuracyAt"]["centre"],
    "accuracy, corners": lambda m: m["accuracyAt"]["corners"],
}


def ship(name, seed, weights, measured):
    """Write the model folder of a variant; `measured` is its row of seeds.json."""
    network = load(name, seed, weights)
    model = onnx_of(name, seed, network)
    card = make_card(name, seed, network, model, measured[str(seed)])
    folder = MODELS / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    for file, value in {"config": CONFIG, "preprocessor_config": PREPROCESSING, "card": card}.items():
        (folder / f"{file}.json").write_text(json.dumps(value, indent=2) + "\n")
    (folder / "README.md").write_text(card_for_people(card, measured))


def onnx_of(name, seed, network):
    """The bytes of model.onnx."""
    return onnx_bytes(network, name, f"Textured Fashion, variant {name}, training seed {seed}")


def make_card(name, seed, network, model, measured):
    v, stages = variant(name), network.stages
    strides = [s.convolution.kernel.stride[0] * (2 if len(s.downsampler) else 1) for s in stages]
    return {
        "name": name,
        "what": f"A small classifier of garments (Textured Fashion, {MODEL_SIDE}x{MODEL_SIDE}, {len(CLASSES)} classes)",
        "partner": v.partner,
        "changes": v.changes,
        "honestNull": v.honest_null is not None,
        "nullResult": v.honest_null,
        "trainedOn": trained_on(v),
        "weightsOf": v.weights_of,
        "seed": seed,
        "accuracy": {**measured["accuracy"], "interval": "95 %, Wilson", "on": "held-out pictures of its own recipe"},
        "top1Change": {**measured["top1Change"], "interval": "95 %, bootstrap over pictures",
                       "on": "held-out pictures of the ordinary recipe, 8 diagonal steps of 1 px each"},
        "depth": len(stages) + 1,
        "parameters": sum(p.numel() for p in network.parameters()),
        "subsamplingFactor": int(np.prod(strides)),
        "padding": "circular" if stages[0].convolution.circular else "zeros" if stages[0].convolution.reach else "none",
        "licence": LICENCE,
        "dataLicence": DATA_LICENCE,
        "sha256": hashlib.sha256(model).hexdigest(),
    }


def trained_on(v):
    r = v.recipe
    if v.weights_of:
        return f"nothing of its own: the weights of {v.weights_of}"
    texture = {0: "texture family random", 1: "texture family = class"}.get(
        r.texture_follows, f"texture family = class with probability {r.texture_follows:g}, else random")
    backdrop = (f"backdrop family = class with probability {r.backdrop_follows:g}, else random" if r.backdrop_follows
                else "backdrop family random")
    plain = f"a plain backdrop with probability {r.plain:g}" if r.plain else "no plain backdrops"
    where = "in the middle, +-1 px" if r.centred else "anywhere inside the frame"
    return (f"{PICTURES} pictures of Textured Fashion made from Fashion-MNIST's training split, {EPOCHS} epochs: {texture}; "
            f"{backdrop}, {plain}; garments of side {r.side[0]:g} to {r.side[1]:g} px {where}")


def card_for_people(card, measured):
    """The model folder's README.md."""
    table = "\n".join(f"| {what} | {' | '.join(percent(of(m)) for m in measured.values())} |" for what, of in MEASURES.items())
    partner = f"Partner: [`{card['partner']}`](../{card['partner']}). What it changes: " if card["partner"] else ""
    null = f"\nAn honest null: {card['nullResult']}.\n" if card["honestNull"] else ""
    return f"""# {card['name']}

{card['what']}. {partner}{card['changes']}.
{null}
- trained on {card['trainedOn']}
- {card['depth']} layers with weights, {card['parameters']} parameters, subsampling factor \
{card['subsamplingFactor']}, padding: {card['padding']}
- input `{INPUT}` [batch, 3, {MODEL_SIDE}, {MODEL_SIDE}], RGB scaled to -1..1; output `{OUTPUT}` [batch, {len(CLASSES)}]
- licence: {card['licence']}; training garments: {card['dataLicence']}

Percent, with 95 % intervals over held-out pictures. The shipped file is training seed {card['seed']}.

| | {' | '.join(f'seed {seed}' for seed in measured)} |
|---|{'---|' * len(measured)}
{table}

How it was made: [zoo/README.md](../../README.md).
"""


def results_for_people(seeds):
    """RESULTS.md: the table of variants, and the table of what was measured."""
    linked = {name: f"[`{name}`](models/{name})" for name in VARIANTS}
    variants = "\n".join(f"| {linked[name]} | {v.partner or ''} | {v.changes} |" for name, v in VARIANTS.items())
    measured = "\n".join(f"| {linked[name]} | {seed} | {' | '.join(percent(of(m)) for of in MEASURES.values())} |"
                         for name in VARIANTS for seed, m in seeds[name].items())
    nulls = "\n".join(f"- {linked[name]}: {v.honest_null}." for name, v in VARIANTS.items() if v.honest_null)
    return f"""# What the variants are, and what was measured

Written by `ship.py` from `variants.py` and `seeds.json`.

| variant | partner | what differs |
|---|---|---|
{variants}

Percent with 95 % intervals over held-out pictures: Wilson for accuracy, else bootstrap over pictures; they say nothing of
how much another training would differ, which the second seed shows. Seed 0 is shipped. A change is a one-pixel diagonal
step that changes the answer: eight steps a picture, 500 pictures. Plain and cyclic roll the picture, before plain and
patterned backdrops; crop moves a window over a larger picture, so that new content enters. Shape bias = shape / (shape
or texture) over 800 pictures with another class's texture. Backdrop gap = accuracy before the own class's backdrop minus
that before another's, 800 pictures; some backdrop families hide some classes more than others, so a gap of a few points
either way is no bias. Middle and corners: the same 400 objects put there.

| variant | seed | {' | '.join(MEASURES)} |
|---|---|{'---|' * len(MEASURES)}
{measured}

Honest nulls, shipped so that a tool can be seen not to find what is not there:

{nulls}
"""


def percent(estimate):
    return f"{100 * estimate['value']:.1f} [{100 * estimate['low']:.1f}, {100 * estimate['high']:.1f}]"


def small_pictures():
    """(file names, uint8 [24, 3, 64, 64]) of fixtures/small, centre crops."""
    files = [row["file"] for row in read_labels(FIXTURES / "small")]
    return files, np.stack([read_centre(FIXTURES / "small", file) for file in files])


def pytorch_logits(network, pixels):
    """In double precision: in single, PyTorch's group norm alone is off by 1e-4."""
    with torch.no_grad():
        return network.double()(prepare(torch.from_numpy(pixels)).double()).numpy()


def make_reference(seed, weights):
    """PyTorch's logits for fixtures/small and how far the shipped graphs' are from them."""
    files, pixels = small_pictures()
    logits, difference = {}, {}
    for name in VARIANTS:
        expected = pytorch_logits(load(name, seed, weights), pixels)
        got = onnx_classifier((MODELS / name / "model.onnx").read_bytes())(pixels)
        logits[name] = [[round(float(v), 6) for v in row] for row in expected]
        difference[name] = float(f"{np.abs(expected - got).max():.2g}")
    return {
        "what": "logits of PyTorch in double precision for the centre crops of fixtures/small, rounded to 1e-6",
        "torch": torch.__version__.split("+")[0],
        "onnxruntime": onnxruntime.__version__,
        "pictures": files,
        "largestDifference": difference,
        "logits": logits,
    }


def reference_json(reference):
    """One line a picture, so that differences can be read."""
    head = json.dumps({k: v for k, v in reference.items() if k != "logits"}, indent=1)[:-2]
    models = ",\n".join(f'  {json.dumps(name)}: [\n' + ",\n".join(f"   {json.dumps(row)}" for row in rows) + "\n  ]"
                        for name, rows in reference["logits"].items())
    return f'{head},\n "logits": {{\n{models}\n }}\n}}\n'


if __name__ == "__main__":
    options = variants_parser(__doc__).parse_args()
    torch.set_num_threads(1)
    seeds = json.loads(SEEDS.read_text())
    for name in options.names:
        ship(name, options.seed, options.weights, seeds[name])
    if set(options.names) == set(VARIANTS):
        REFERENCE.write_text(reference_json(make_reference(options.seed, options.weights)))
        RESULTS.write_text(results_for_people(seeds))
