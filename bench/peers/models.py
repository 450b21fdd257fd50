"""The networks and the loss of the PyTorch peer, as Kontrast has them."""

import torch
from torch import nn
from torch.nn import functional


def normalized(inputs, outputs, kernel, stride):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = normalized(inputs, outputs, 3, stride)
        self.second = normalized(outputs, outputs, 3, 1)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else normalized(inputs, outputs, 1, stride)

    def forward(self, x):
        inner = functional.relu(self.first(x), inplace=True)
        return functional.relu(self.second(inner).add_(self.shortcut(x)), inplace=True)


def projector(inputs, hidden, outputs):
    inner = [nn.Linear(inputs, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True)]
    return nn.Sequential(*inner, nn.Linear(hidden, outputs))


def residual_network(widths, blocks, stem_stride, hidden):
    """A 3×3 stem, stages of basic blocks at halved resolution each, average pooling, and the projector."""
    layers = [normalized(3, widths[0], 3, stem_stride), nn.ReLU(inplace=True)]
    inputs = widths[0]
    for stage, outputs in enumerate(widths):
        for block in range(blocks):
            layers.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), projector(inputs, hidden, 128))


def small_resnet():
    return residual_network((16, 32, 64), 1, 2, 128)


def resnet18():
    """With a stem for small images: 3×3, stride 1, no pooling (SimCLR, appendix B.9)."""
    return residual_network((64, 128, 256, 512), 2, 1, 512)


def nt_xent(z, temperature):
    """Of embeddings of any length, [2n, dimensions]; rows i and i + n are two views of one item."""
    z = functional.normalize(z)
    logits = z @ z.T / temperature
    logits.fill_diagonal_(float("-inf"))
    half = len(z) // 2
    other = torch.arange(2 * half, device=z.device).roll(half)
    return functional.cross_entropy(logits, other)
