"""Train variants: python train.py --weights FOLDER [--seed 0] [--cache FOLDER] [NAME ...]

Writes FOLDER/seed-SEED/NAME.pt.  The seed decides the pictures, the initial weights and the
order of the batches; one thread, so that the same seed gives the same weights on one machine.
"""
import hashlib
import os
import time
from pathlib import Path

import numpy as np
import torch

from command_line import variants_parser
from networks import prepare
from scenes import make_pictures
from variants import variant

PICTURES, EPOCHS, BATCH = 40_000, 3, 64
PEAK_RATE, WEIGHT_DECAY = 4e-3, 0.02


def train(name, seed, pictures):
    """The trained network.  `pictures` is (pixels, label, texture) as arrays."""
    torch.manual_seed(seed)
    network, objective = variant(name).network(), variant(name).objective()
    network.to(memory_format=torch.channels_last).train()
    pixels, label, texture = (torch.from_numpy(a) for a in pictures)
    pixels = pixels.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW([*network.parameters(), *objective.parameters()], PEAK_RATE, weight_decay=WEIGHT_DECAY)
    steps = len(pixels) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, EPOCHS * steps, pct_start=0.2)
    order = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        total, right = 0.0, 0
        shuffled = torch.from_numpy(order.permutation(len(pixels)))
        for rows in shuffled[:steps * BATCH].view(steps, BATCH):
            loss, logits = objective(network, prepare(pixels[rows]), label[rows], texture[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
            right += (logits.argmax(1) == label[rows]).sum().item()
        print(f"{name} seed {seed} epoch {epoch + 1}: loss {total / steps:.3f}, right {right / steps / BATCH:.3f}", flush=True)
    return network.to(memory_format=torch.contiguous_format).eval()


def load(name, seed, weights):
    """The trained network of a variant from the folder `weights`."""
    network = variant(name).network()
    path = f"{weights}/seed-{seed}/{variant(name).weights_of or name}.pt"
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


def training_pictures(recipe, seed, cache=None):
    """(pixels, label, texture) of the training split; kept in the folder `cache` if there is one."""
    key = hashlib.sha256(repr((recipe, seed, PICTURES)).encode()).hexdigest()[:12]
    path = cache and Path(cache) / f"{key}.npz"
    if path and path.exists():
        with np.load(path) as stored:
            return stored["pixels"], stored["label"], stored["texture"]
    made = make_pictures(10 + seed, PICTURES, recipe, "train")
    if path:
        part = path.with_suffix(f".{os.getpid()}.npz")  # another training may be writing the same file
        np.savez(part, pixels=made.pixels, label=made.label, texture=made.texture)
        part.rename(path)
    return made.pixels, made.label, made.texture


if __name__ == "__main__":
    parser = variants_parser(__doc__)
    parser.add_argument("--cache", type=Path, help="folder that keeps rendered training pictures between variants")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    folder = options.weights / f"seed-{options.seed}"
    for place in filter(None, (folder, options.cache)):
        place.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        if variant(name).weights_of:
            print(f"{name} takes the weights of {variant(name).weights_of}")
            continue
        pictures = training_pictures(variant(name).recipe, options.seed, options.cache)
        start = time.process_time()
        network = train(name, options.seed, pictures)
        torch.save(network.state_dict(), folder / f"{name}.pt")
        print(f"{name} seed {options.seed}: {time.process_time() - start:.0f} s", flush=True)
