"""The training step of SimCLR in PyTorch, without data and augmentations: forward, NT-Xent, backward, SGD with momentum.

`bfloat16` is PyTorch's autocast, with the loss in float32. Prints one JSON object: seconds and processor seconds of
each step after the warm-up, the largest resident memory in bytes, the last loss, the versions.
"""

import argparse
import json
import resource
import time

import torch
import torchvision
from models import nt_xent, resnet18, small_resnet


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["resnet18", "small"], required=True)
    parser.add_argument("--batch", type=int, required=True, help="images; each has two views")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--profile", action="store_true", help="print the time of each operation instead")
    given = parser.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    model = (resnet18() if given.model == "resnet18" else small_resnet()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.06, momentum=0.9, weight_decay=5e-4)
    views = torch.rand(2 * given.batch, 3, given.size, given.size).contiguous(memory_format=torch.channels_last)

    def step():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given.precision == "bfloat16"):
            z = model(views)
        loss = nt_xent(z.float(), given.temperature)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(given.warmup):
        step()
    if given.profile:
        with torch.profiler.profile() as profile:
            for _ in range(given.steps):
                step()
        print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=30, max_name_column_width=60))
        return
    seconds, processor, loss = [], [], None
    for _ in range(given.steps):
        wall, cpu = time.perf_counter(), time.process_time()
        loss = step()
        seconds.append(time.perf_counter() - wall)
        processor.append(time.process_time() - cpu)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    measured = {"seconds": seconds, "processorSeconds": processor, "peakMemory": memory, "loss": loss}
    print(json.dumps({**measured, "versions": versions}))


main()
