"""The cases of ours/cases/views.ts as they are usually done: torchvision's transforms on images of Pillow, in workers."""

import time

import numpy
import torch
from work import Work


def transform(size, scale, jitter, blur):
    from torchvision import transforms

    kernel = max(3, 2 * (size // 20) + 1)
    blurred = [transforms.RandomApply([transforms.GaussianBlur(kernel, (0.1, 2.0))], p=blur)] if blur > 0 else []
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(size, scale=scale),
            transforms.RandomHorizontalFlip(),
            transforms.RandomApply([transforms.ColorJitter(*jitter)], p=0.8),
            transforms.RandomGrayscale(p=0.2),
            *blurred,
            transforms.ToTensor(),
        ]
    )


class Views(torch.utils.data.Dataset):
    """Some views of each image."""

    def __init__(self, images, views):
        from PIL import Image

        self.images, self.to_image, self.views = images, Image.fromarray, views

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.to_image(self.images[index])
        return [view(image) for view in self.views]


def noise(items, extent):
    """What is in the pictures does not change the work."""
    return numpy.random.default_rng(0).integers(0, 256, [items, extent, extent, 3], dtype=numpy.uint8)


def batches(data, batch_size):
    """Without end, from two workers. A loader for each run: workers that went on filling their queues would disturb the
    other side's turn."""
    loader = torch.utils.data.DataLoader(
        data, batch_size, shuffle=True, drop_last=True, num_workers=2, persistent_workers=True
    )
    while True:
        yield from loader


class ViewsOfBatches(Work):
    """One call is `steps` batches, after as many that do not count: the workers have started, and made some in advance."""

    def __init__(self, items, batchSize, steps, extent, views):
        super().__init__(sum(view["size"] ** 2 * 3 for view in views) * batchSize, None)
        self.data = Views(noise(items, extent), [transform(**view) for view in views])
        self.batch, self.steps = batchSize, steps

    def run(self, calls):
        stream = batches(self.data, self.batch)
        for _ in range(self.steps):
            next(stream)
        start = time.perf_counter()
        for _ in range(calls * self.steps):
            next(stream)
        return time.perf_counter() - start


cases = {"views": ViewsOfBatches}
