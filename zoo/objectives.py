"""What training minimises.  Each objective takes (network, pictures, labels, texture families)
and returns (loss, logits)."""
import itertools

import torch
from torch import nn
from torch.nn import functional as F

from networks import WIDTHS
from patterns import TEXTURES
from scenes import MODEL_SIDE


def cross_entropy(logits, label):
    return F.cross_entropy(logits, label, label_smoothing=0.05)


class Classification(nn.Module):
    """Name the class."""

    def forward(self, network, x, label, texture):
        logits = network(x)
        return cross_entropy(logits, label), logits


class TextureAdversary(nn.Module):
    """Also make the texture family hard to read off the features: a head names it, and the
    network receives the head's gradient reversed (Ganin & Lempitsky 2015, section 3)."""

    def __init__(self, weight=0.5):
        super().__init__()
        self.weight = weight
        self.head = nn.Sequential(nn.Linear(WIDTHS[-1], 64), nn.ReLU(), nn.Linear(64, len(TEXTURES)))

    def forward(self, network, x, label, texture):
        features = network.features(x)
        logits = network.linear(features)
        named = self.head(_Reversed.apply(features))
        return cross_entropy(logits, label) + self.weight * F.cross_entropy(named, texture), logits


class _Reversed(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x.view_as(x)

    @staticmethod
    def backward(context, gradient):
        return -gradient


class Jigsaw(nn.Module):
    """Also tell in which of the 24 orders the picture's four quarters were put (after Noroozi &
    Favaro 2016)."""

    def __init__(self, weight=0.5):
        super().__init__()
        self.weight = weight
        self.head = nn.Linear(WIDTHS[-1], 24)
        self.register_buffer("orders", torch.tensor(list(itertools.permutations(range(4)))))

    def forward(self, network, x, label, texture):
        logits = network(x)
        order = torch.randint(len(self.orders), (len(x),))
        half = MODEL_SIDE // 2
        quarters = x.view(-1, 3, 2, half, 2, half).permute(0, 2, 4, 1, 3, 5).reshape(-1, 4, 3, half, half)
        quarters = quarters[torch.arange(len(x))[:, None], self.orders[order]]
        shuffled = quarters.view(-1, 2, 2, 3, half, half).permute(0, 3, 1, 4, 2, 5).reshape(x.shape)
        told = self.head(network.features(shuffled.contiguous(memory_format=torch.channels_last)))
        return cross_entropy(logits, label) + self.weight * F.cross_entropy(told, order), logits


class SaliencyMix(nn.Module):
    """Also classify pictures into which another picture's most salient window was pasted, labels
    half and half (after Uddin et al. 2021; saliency here is the loss's input gradient)."""

    def __init__(self, window=24, step=8):
        super().__init__()
        self.window, self.step = window, step

    def forward(self, network, x, label, texture):
        x = x.clone().requires_grad_()
        logits = network(x)
        loss = cross_entropy(logits, label)
        gradient, = torch.autograd.grad(loss, x, retain_graph=True)
        saliency = F.avg_pool2d(gradient.abs().sum(1, keepdim=True), self.window, self.step)
        peak = saliency.flatten(1).argmax(1)
        row, column = (p * self.step for p in (peak // saliency.shape[3], peak % saliency.shape[3]))
        axis = torch.arange(MODEL_SIDE)
        def inside(first):
            return (axis >= first[:, None]) & (axis < first[:, None] + self.window)
        pasted = (inside(row)[:, :, None] & inside(column)[:, None, :])[:, None]
        other = torch.randperm(len(x))
        mixed = network(torch.where(pasted[other], x[other], x).detach())
        return 0.5 * loss + 0.25 * cross_entropy(mixed, label) + 0.25 * cross_entropy(mixed, label[other]), logits
