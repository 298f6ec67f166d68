"""The little classifiers: stages of [convolution, norm, ReLU, downsampler], mean, linear layer.

The backbone has four stages that each halve the picture (subsampling factor 16) and a fifth
that does not.  Variants change one named ingredient and nothing else.
"""
import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (8, 24, 48, 64, 96)
BAG_WIDTHS = (8, 32, 96, 96)


class Convolution(nn.Module):
    """Convolution without a bias; `padding` is "zeros", "circular" or "none"."""

    def __init__(self, inputs, outputs, size=3, stride=1, dilation=1, padding="zeros"):
        super().__init__()
        self.reach = 0 if padding == "none" else dilation * (size // 2)
        self.circular = padding == "circular"
        self.kernel = nn.Conv2d(inputs, outputs, size, stride, 0 if self.circular else self.reach, dilation, bias=False)

    def forward(self, x):
        return self.kernel(wrap(x, self.reach) if self.circular else x)


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each position (Ba, Kiros & Hinton 2016)."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.epsilon = 1e-5

    def forward(self, x):
        x = x - x.mean(1, keepdim=True)
        x = x / torch.sqrt((x * x).mean(1, keepdim=True) + self.epsilon)
        return x * self.weight[:, None, None] + self.bias[:, None, None]


class Blur(nn.Module):
    """Binomial filter, then every `stride`-th position (BlurPool: Zhang 2019, "Making
    convolutional networks shift-invariant again", section 3.2)."""

    def __init__(self, channels, circular, stride):
        super().__init__()
        row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
        self.register_buffer("kernel", torch.outer(row, row)[None, None].repeat(channels, 1, 1, 1))
        self.reach, self.circular, self.stride = 2, circular, stride

    def forward(self, x):
        padded = wrap(x, self.reach) if self.circular else F.pad(x, (self.reach,) * 4, mode="replicate")
        return F.conv2d(padded, self.kernel, stride=self.stride, groups=len(self.kernel))


class AdaptivePolyphase(nn.Module):
    """Of the four grids of every second position, the one with the largest norm (Chaman &
    Dokmanic 2021, "Truly shift-invariant convolutional neural networks", section 4).

    Outside training energies are summed in double precision: the order of summation changes
    when the picture is shifted, and the choice of the grid must not.
    """

    def forward(self, x):
        n, c, h, w = x.shape
        with torch.no_grad():
            energy = (x if self.training else x.double()).square().sum(1)
            largest = energy.view(n, h // 2, 2, w // 2, 2).sum((1, 3)).view(n, 4).argmax(1)
        grids = x.view(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4)  # [n, row, column, c, h/2, w/2]
        return grids[torch.arange(n), largest // 2, largest % 2]


class Stage(nn.Module):
    def __init__(self, convolution, norm, downsampler=()):
        super().__init__()
        self.convolution, self.norm, self.relu = convolution, norm, nn.ReLU()
        self.downsampler = nn.Sequential(*downsampler)

    def forward(self, x):
        return self.downsampler(self.relu(self.norm(self.convolution(x))))


class Network(nn.Module):
    """`exact_mean` sums the last feature map in double precision, so that its order is no matter."""

    def __init__(self, stages, features, classes=8, exact_mean=False):
        super().__init__()
        self.stages, self.linear, self.exact_mean = nn.ModuleList(stages), nn.Linear(features, classes), exact_mean

    def features(self, x):
        """[n, channels] means of the last stage's feature maps."""
        for stage in self.stages:
            x = stage(x)
        wide = x.double() if self.exact_mean and not self.training else x
        return wide.mean((2, 3)).to(x.dtype)

    def forward(self, x):
        return self.linear(self.features(x))


def backbone(downsampling="maxpool", norm="batch", padding="zeros"):
    """The network of every variant but bagnet.

    `downsampling`: "stride" (in the convolution), "maxpool", "avgpool", "blurpool", "aps-blur",
    or "dense": every stride of "stride" turned into dilation, so that nothing is left out.
    """
    norms = {"batch": nn.BatchNorm2d, "group": lambda c: nn.GroupNorm(8, c), "layer": ChannelNorm}
    circular = padding == "circular"
    downsamplers = {
        "stride": lambda c: [],
        "maxpool": lambda c: [nn.MaxPool2d(2)],
        "avgpool": lambda c: [nn.AvgPool2d(2)],
        "blurpool": lambda c: [Blur(c, circular, 2)],
        "aps-blur": lambda c: [Blur(c, circular, 1), AdaptivePolyphase()],
        "dense": lambda c: [],
    }
    stages = []
    for depth, (inputs, outputs) in enumerate(zip((3, *WIDTHS), WIDTHS)):
        last = depth == len(WIDTHS) - 1
        convolution = Convolution(inputs, outputs, padding=padding,
                                  stride=2 if downsampling == "stride" and not last else 1,
                                  dilation=2**depth if downsampling == "dense" else 1)
        stages.append(Stage(convolution, norms[norm](outputs), [] if last else downsamplers[downsampling](outputs)))
    return Network(stages, WIDTHS[-1], exact_mean=downsampling == "aps-blur")


def bagnet():
    """Sees 9x9 pixels at a time and averages (Brendel & Bethge 2019, "Approximating CNNs with
    bag-of-local-features models")."""
    layers = zip((3, *BAG_WIDTHS), BAG_WIDTHS, (3, 3, 3, 1), (1, 2, 2, 1))
    stages = [Stage(Convolution(i, o, size, stride, padding="none"), nn.BatchNorm2d(o)) for i, o, size, stride in layers]
    return Network(stages, BAG_WIDTHS[-1])


def wrap(x, reach):
    """Circular padding, `reach` pixels on every side (cheaper to train than F.pad does it)."""
    x = torch.cat([x[:, :, -reach:], x, x[:, :, :reach]], 2)
    return torch.cat([x[..., -reach:], x, x[..., :reach]], 3)


def prepare(pixels):
    """What every network is fed: uint8 RGB to -1..1."""
    return (pixels.float() / 255 - 0.5) / 0.5
