"""The PyTorch side of `kontrast bench`: one JSON object per line on standard input, one reply per line on descriptor 3.

    {"do": "about"}                                                            names, versions
    {"do": "prepare", "as": name, "case": case, "params": {…}, "seconds": s}   warms up, settles how often to call
    {"do": "measure", "as": name}                                              seconds per call
    {"do": "release", "as": name}
    {"do": "peak", "case": case, "params": {…}, "calls": n}                    peak memory of this process, bytes
"""

import argparse
import json
import os
import sys

import data
import operations
import torch
import training
import views
import work

cases = {**operations.cases, **training.cases, **views.cases, **data.cases}
prepared = {}


def about(_):
    name = f"PyTorch {torch.__version__}"
    device = work.device if work.device == "cpu" else torch.cuda.get_device_name()
    versions = {"PyTorch": torch.__version__, "PyTorch, blas": blas(), "Python": sys.version.split()[0]}
    return {"name": name, "device": device, "versions": versions}


def blas():
    """The library of matrix products that this process has loaded."""
    torch.ones(2, 2) @ torch.ones(2, 2)
    try:
        with open("/proc/self/maps") as maps:
            files = {line.split()[-1] for line in maps if "/" in line}
    except OSError:
        return "unknown"
    found = {word for word in ("openblas", "mkl", "blis") if any(f"/lib{word}" in path for path in files)}
    return ", ".join(sorted(found)) or next((path for path in files if "/libblas" in path), "built in")


def prepare(request):
    ready = cases[request["case"]](**request["params"])
    first = ready.run(1)
    calls = 1
    if first < request["seconds"]:
        calls = max(1, round(request["seconds"] / max(ready.run(2) / 2, 1e-7)))
        calls = max(1, round(request["seconds"] * calls / max(ready.run(calls), 1e-7)))
    prepared[request["as"]] = (ready, calls)
    return {"check": ready.check, "calls": calls}


def measure(request):
    ready, calls = prepared[request["as"]]
    if calls == 1:
        ready.run(1)  # since its last turn, others have had the caches and the memory
    return {"seconds": ready.run(calls) / calls}


def release(request):
    del prepared[request["as"]]
    return {}


def peak(request):
    cases[request["case"]](**request["params"]).run(request["calls"])
    if work.device != "cpu":
        return {"bytes": torch.cuda.max_memory_reserved()}
    with open("/proc/self/status") as status:  # not getrusage, whose peak an exec inherits
        kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    return {"bytes": int(kilobytes) * 1024}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    work.use(given.device)
    actions = {"about": about, "prepare": prepare, "measure": measure, "release": release, "peak": peak}
    with os.fdopen(3, "w") as replies:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                reply = actions[request["do"]](request)
            except ModuleNotFoundError as error:
                reply = {"unsupported": f"{error}"}
            except Exception as error:
                reply = {"error": f"{type(error).__name__}: {error}"}
            replies.write(json.dumps(reply) + "\n")
            replies.flush()


main()
