"""The cases of ours/cases/training.ts in PyTorch."""

import time

import torch
import work
from models import nt_xent, resnet18, small_resnet
from views import Views, batches, noise, transform
from work import Work, wait

TEMPERATURE = 0.5
LEARNING_RATE = 0.06
WEIGHT_DECAY = 5e-4

models = {"smallResNet": small_resnet, "resNet18": resnet18}


def trainer(encoder, batch, precision):
    """The model and a function that takes views and does one step; the loss is read back, as ours is."""
    torch.manual_seed(0)
    model = models[encoder]().to(work.device, memory_format=torch.channels_last)
    rate = LEARNING_RATE * batch / 256
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, weight_decay=WEIGHT_DECAY)
    kind = torch.device(work.device).type

    def step(views):
        with torch.autocast(kind, dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            z = model(views)
        loss = nt_xent(z.float(), TEMPERATURE)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return sum(parameter.numel() for parameter in model.parameters()), step


def simclr_step(encoder, batchSize, extent, precision):
    parameters, step = trainer(encoder, batchSize, precision)
    shape = [batchSize, extent, extent, 3]
    views = torch.cat([work.images(shape, 0.7), work.images(shape, 0.3)]).add(1).div(2)
    views = views.contiguous(memory_format=torch.channels_last)
    return Work(parameters, lambda: step(views))


class DataToOptimizer(Work):
    """Batches, views in two workers, steps. One call is `steps` steps, after two that do not count."""

    def __init__(self, items, batchSize, steps):
        parameters, self.step = trainer("smallResNet", batchSize, "float32")
        super().__init__(parameters, None)
        view = transform(size=32, scale=(0.2, 1.0), jitter=(0.4, 0.4, 0.4, 0.1), blur=0)
        self.data = Views(noise(items, 32), [view, view])
        self.batch, self.steps = batchSize, steps

    def run(self, calls):
        warmup, start = 2, 0.0
        for done, views in enumerate(batches(self.data, self.batch)):
            if done == warmup:
                wait()
                start = time.perf_counter()
            self.step(torch.cat(views).to(work.device).contiguous(memory_format=torch.channels_last))
            if done + 1 == warmup + calls * self.steps:
                wait()
                return time.perf_counter() - start


cases = {"simclrStep": simclr_step, "dataToOptimizer": DataToOptimizer}
