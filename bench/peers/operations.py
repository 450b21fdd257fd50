"""The cases of ours/cases/operations.ts in PyTorch."""

import time

import torch
import work
from models import nt_xent
from torch import nn
from torch.nn import functional
from work import Work, mean_square, wait, waves


class Add(Work):
    def __init__(self, size):
        self.a, self.b = waves([size], 0.7), waves([size], 0.3)
        self.kept = [None] * 1000
        super().__init__(mean_square(self.a + self.b), None)

    def run(self, calls):
        seconds = 0.0
        a, b, kept = self.a, self.b, self.kept
        for done in range(0, calls, len(kept)):
            count = min(len(kept), calls - done)
            start = time.perf_counter()
            for index in range(count):
                kept[index] = torch.add(a, b)
            seconds += time.perf_counter() - start
            for index in range(count):
                kept[index] = None
        wait()
        return seconds


def matmul(size):
    a, b = waves([size, size], 0.7), waves([size, size], 0.3)
    return Work(mean_square(a @ b), lambda: a @ b)


def nt_xent_gradients(count, dimensions, temperature):
    z = [functional.normalize(waves([count, dimensions], step)).requires_grad_() for step in (0.7, 0.3)]

    def call():
        loss = nt_xent(torch.cat(z), temperature)
        return loss, *torch.autograd.grad(loss, z)

    return Work(mean_square(call()[0]), call)


def convolution_inputs(images, extent, channels, filters, size):
    x = work.images([images, extent, extent, channels], 0.7)
    weight = waves([size, size, channels, filters], 0.3).permute(3, 2, 0, 1)
    weight = weight.contiguous(memory_format=torch.channels_last)
    return x, weight, work.images([images, extent, extent, filters], 0.2)


def convolution(images, extent, channels, filters, size):
    x, weight, _ = convolution_inputs(images, extent, channels, filters, size)

    def call():
        with torch.no_grad():
            return functional.conv2d(x, weight, padding=size // 2)

    return Work(mean_square(call()), call)


def convolution_gradients(images, extent, channels, filters, size):
    x, weight, dy = convolution_inputs(images, extent, channels, filters, size)
    inputs = [x.requires_grad_(), weight.requires_grad_()]

    def call():
        return torch.autograd.grad(functional.conv2d(x, weight, padding=size // 2), inputs, dy)

    return Work(mean_square(call()[1]), call)


def batch_norm_gradients(images, extent, channels):
    shape = [images, extent, extent, channels]
    x, dy = work.images(shape, 0.7).requires_grad_(), work.images(shape, 0.1)
    layer = nn.BatchNorm2d(channels, device=x.device)
    layer.weight.data, layer.bias.data = waves([channels], 0.3), waves([channels], 0.2)
    inputs = [x, layer.weight, layer.bias]

    def call():
        return torch.autograd.grad(layer(x), inputs, dy)

    return Work(mean_square(call()[0]), call)


def cross_entropy_gradient(rows, classes):
    logits = waves([rows, classes], 0.7).requires_grad_()
    target = torch.arange(rows, device=logits.device) % classes

    def call():
        loss = functional.cross_entropy(logits, target)
        return loss, torch.autograd.grad(loss, logits)

    return Work(mean_square(call()[0]), call)


def sgd_update(shapes):
    weights = [nn.Parameter(waves(shape, 0.7)) for shape in shapes]
    for weight in weights:
        weight.grad = waves(list(weight.shape), 0.3)
    optimizer = torch.optim.SGD(weights, lr=1e-6, momentum=0.9, weight_decay=5e-4)
    optimizer.step()
    return Work(mean_square(weights[0]), optimizer.step)


def read_back(size):
    x = waves([size], 0.7)
    return Work(mean_square(x), lambda: x.cpu().numpy().copy() if x.device.type == "cpu" else x.cpu().numpy())


def channel_sum(images, extent, channels):
    x = work.images([images, extent, extent, channels], 0.7)
    return Work(mean_square(x.sum((0, 2, 3))), lambda: x.sum((0, 2, 3)))


cases = {
    "add": Add,
    "matmul": matmul,
    "ntXentGradients": nt_xent_gradients,
    "convolution": convolution,
    "convolutionGradients": convolution_gradients,
    "batchNormGradients": batch_norm_gradients,
    "crossEntropyGradient": cross_entropy_gradient,
    "sgdUpdate": sgd_update,
    "readBack": read_back,
    "channelSum": channel_sum,
}
