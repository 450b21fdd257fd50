"""SimCLR as a PyTorch script: the peer of `npm run bench -- train`.

The model, batch, data and augmentations are those of the quickstart; views are made the usual way, by torchvision
transforms on PIL images in two DataLoader workers. Prints one JSON object: images per second and the versions.
"""

import argparse
import json
import time

import numpy
import torch
import torchvision
from PIL import Image
from models import nt_xent, small_resnet
from torchvision import transforms


class TwoViews(torch.utils.data.Dataset):
    def __init__(self, images, jitter):
        size = images.shape[1]
        self.images = images
        self.view = transforms.Compose(
            [
                transforms.RandomResizedCrop(size, scale=(0.2, 1.0)),
                transforms.RandomHorizontalFlip(),
                transforms.RandomApply([transforms.ColorJitter(*jitter)], p=0.8),
                transforms.RandomGrayscale(p=0.2),
                transforms.ToTensor(),
            ]
        )

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index])
        return self.view(image), self.view(image)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", required=True, help="raw uint8 file, [count, size, size, 3]")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--temperature", type=float, default=0.5)
    given = parser.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    images = numpy.fromfile(given.images, dtype=numpy.uint8).reshape(-1, given.size, given.size, 3)
    data = TwoViews(images, (0.4, 0.4, 0.4, 0.1))
    loader = torch.utils.data.DataLoader(
        data, given.batch, shuffle=True, drop_last=True, num_workers=given.workers, persistent_workers=True
    )
    model = small_resnet().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.06, momentum=0.9, weight_decay=5e-4)

    started, done = None, 0
    while done < given.steps + given.warmup:
        for first, second in loader:
            if done == given.warmup:
                started = time.perf_counter()
            views = torch.cat([first, second]).contiguous(memory_format=torch.channels_last)
            loss = nt_xent(model(views), given.temperature)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            done += 1
            if done == given.steps + given.warmup:
                break
    seconds = time.perf_counter() - started
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    print(json.dumps({"imagesPerSecond": given.steps * given.batch / seconds, "loss": loss.item(), "versions": versions}))


main()
