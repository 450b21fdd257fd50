"""The cases of ours/cases/data.ts with torchvision."""

import io
import tarfile
import time

from work import Work


def pillow():
    """As torchvision's data sets decode (`torchvision.datasets.folder.pil_loader`), to a tensor of bytes."""
    from PIL import Image
    from torchvision.transforms.functional import pil_to_tensor

    return lambda data: pil_to_tensor(Image.open(io.BytesIO(data)).convert("RGB"))


def torchvision_io():
    import torch
    from torchvision.io import ImageReadMode, decode_jpeg

    return lambda data: decode_jpeg(torch.frombuffer(bytearray(data), dtype=torch.uint8), mode=ImageReadMode.RGB)


decoders = {"pillow": pillow, "torchvision.io": torchvision_io}


class JpegShards(Work):
    """Every image of some shards, in a shuffled order, read at its place and decoded. Seconds are those of one core."""

    def __init__(self, folder, images, shards, passes, decoder):
        self.passes = passes
        self.decode = decoders[decoder]()
        self.places = []
        for shard in range(shards):
            path = f"{folder}/{shard}.tar"
            file = open(path, "rb")
            with tarfile.open(path) as tar:
                self.places += [(file, member.offset_data, member.size) for member in tar if member.name.endswith(".jpg")]
        self.order = [at * 1021 % images for at in range(images)]
        total = sum(self.decode(self.read(at)).double().mean().item() for at in self.order)
        super().__init__(total / images, None)

    def read(self, at):
        file, offset, size = self.places[at]
        file.seek(offset)
        return file.read(size)

    def run(self, calls):
        start = time.process_time()
        for _ in range(calls * self.passes):
            for at in self.order:
                self.decode(self.read(at))
        return time.process_time() - start


cases = {"jpegShards": JpegShards}
