"""The cases of ours/cases/training.ts in PyTorch."""

import time

import numpy
import torch
import work
from models import nt_xent, resnet18, small_resnet
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


class TwoViews(torch.utils.data.Dataset):
    """Two views of each image, made as is usual: torchvision's transforms on images of Pillow."""

    def __init__(self, images):
        from PIL import Image
        from torchvision import transforms

        self.images, self.to_image = images, Image.fromarray
        jitter = transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)
        self.view = transforms.Compose(
            [
                transforms.RandomResizedCrop(images.shape[1], scale=(0.2, 1.0)),
                transforms.RandomHorizontalFlip(),
                transforms.RandomApply([jitter], p=0.8),
                transforms.RandomGrayscale(p=0.2),
                transforms.ToTensor(),
            ]
        )

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.to_image(self.images[index])
        return self.view(image), self.view(image)


class DataToOptimizer(Work):
    """Batches, views in two workers, steps. One call is `steps` steps, after two that do not count."""

    def __init__(self, items, batchSize, steps):
        parameters, self.step = trainer("smallResNet", batchSize, "float32")
        super().__init__(parameters, None)
        noise = numpy.random.default_rng(0)  # what is in the pictures does not change the work
        self.data = TwoViews(noise.integers(0, 256, [items, 32, 32, 3], dtype=numpy.uint8))
        self.batch, self.steps = batchSize, steps

    def run(self, calls):
        # A loader for each run: workers that went on filling their queues would disturb the other side's turn.
        loader = torch.utils.data.DataLoader(
            self.data, self.batch, shuffle=True, drop_last=True, num_workers=2, persistent_workers=True
        )
        warmup, wanted, done, start = 2, calls * self.steps, 0, 0.0
        while True:
            for first, second in loader:
                if done == warmup:
                    wait()
                    start = time.perf_counter()
                views = torch.cat([first, second]).to(work.device).contiguous(memory_format=torch.channels_last)
                self.step(views)
                done += 1
                if done == warmup + wanted:
                    wait()
                    return time.perf_counter() - start


cases = {"simclrStep": simclr_step, "dataToOptimizer": DataToOptimizer}
