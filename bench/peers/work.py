"""What a case of the PyTorch peer is made of: inputs that Kontrast makes, too, and a clock that waits for the device."""

import time

import numpy
import torch

device = "cpu"


def use(name):
    global device
    device = name


def waves(shape, step):
    """sin(1.3 + i · step) in the order of the last axis first, as ours/waves.ts makes them."""
    size = int(numpy.prod(shape))
    values = numpy.sin(1.3 + numpy.arange(size, dtype=numpy.float64) * step).astype(numpy.float32)
    return torch.from_numpy(values.reshape(shape)).to(device)


def images(shape, step):
    """Waves over [n, height, width, channels] as PyTorch's [n, channels, height, width], channels last in memory."""
    return waves(shape, step).permute(0, 3, 1, 2)


def wait():
    if device != "cpu":
        torch.cuda.synchronize()


def mean_square(x):
    return x.detach().double().square().mean().item()


class Work:
    """Work that is ready: `check` is a number that follows from it alone, `call` does it once."""

    def __init__(self, check, call):
        self.check = check
        self.call = call

    def run(self, calls):
        wait()
        start = time.perf_counter()
        for _ in range(calls):
            self.call()
        wait()
        return time.perf_counter() - start
