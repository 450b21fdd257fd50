"""The networks and the loss of the PyTorch peers, as Kontrast has them."""

import torch
import torchvision
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


def small_resnet(widths=(16, 32, 64)):
    layers = [normalized(3, widths[0], 3, 2), nn.ReLU(inplace=True)]
    for stage, (inputs, outputs) in enumerate(zip([widths[0], *widths], widths)):
        layers.append(Block(inputs, outputs, 1 if stage == 0 else 2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), projector(widths[-1], 128, 128))


def resnet18():
    """torchvision's, with a stem for small images: 3×3, stride 1, no pooling (SimCLR, appendix B.9)."""
    model = torchvision.models.resnet18()
    model.conv1 = nn.Conv2d(3, 64, 3, 1, padding=1, bias=False)
    model.maxpool = nn.Identity()
    model.fc = projector(512, 512, 128)
    return model


def nt_xent(z, temperature):
    z = functional.normalize(z)
    logits = z @ z.T / temperature
    logits.fill_diagonal_(float("-inf"))
    half = len(z) // 2
    return functional.cross_entropy(logits, torch.cat([torch.arange(half) + half, torch.arange(half)]))
