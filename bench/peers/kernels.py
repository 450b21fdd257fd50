"""One Jupyter kernel for `kontrast bench kernel`, driven by a stock client: the requests of worker.py, the same for each kernel.

    python3 kernels.py --language typescript|python --title NAME -- ARGV… (with {connection_file})
"""

import argparse
import json
import os
import queue
import sys
import tempfile
import time

import jupyter_client
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

PATIENCE = 60
LINES = 100_000


class Unsupported(Exception):
    """The kernel cannot do it; the message says what happened instead."""


class Kernel:
    """A kernel that has answered `kernel_info_request`."""

    def __init__(self, given):
        self.given = given
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=given.argv, language=given.language, display_name=given.title, interrupt_mode=given.interrupt)
        self.began = time.perf_counter()
        self.manager.start_kernel(cwd=tempfile.mkdtemp(prefix="kontrast-bench-"), stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))
        self.client = self.manager.client()
        self.client.start_channels(hb=False)
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=PATIENCE)
        self.started = time.perf_counter() - self.began
        # The subscription takes its own time: until something is heard there, output could be missed.
        while True:
            self.client.kernel_info()
            self.client.get_shell_msg(timeout=PATIENCE)
            try:
                self.client.get_iopub_msg(timeout=0.05)
                break
            except queue.Empty:
                continue

    def run(self, code, patience=PATIENCE):
        """Seconds from the request to the reply and `idle`, and the text that was printed."""
        begin = time.perf_counter()
        return self.finish(self.client.execute(code), begin, patience)

    def finish(self, msg_id, begin, patience=PATIENCE):
        text = []
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=patience)
            except queue.Empty:
                raise Unsupported(f"no idle within {patience} s, {''.join(text).count(chr(10))} lines arrived")
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["header"]["msg_type"] == "stream":
                text.append(message["content"]["text"])
            if message["content"].get("execution_state") == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=patience)
            if reply["parent_header"].get("msg_id") == msg_id:
                return time.perf_counter() - begin, "".join(text), reply["content"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def memory(self):
        """What its processes hold in memory, shared pages counted in proportion, bytes."""
        pids = [self.manager.provisioner.process.pid]
        for pid in pids:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as children:
                    pids += [int(child) for child in children.read().split()]
        total = 0
        for pid in pids:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        return total * 1024


def code(given, typescript, python):
    return typescript if given.language == "typescript" else python


class Fresh:
    """A case that needs a new kernel every time."""

    check = 1

    def __init__(self, given):
        self.given = given

    def run(self, calls):
        total = 0
        for _ in range(calls):
            kernel = Kernel(self.given)
            try:
                total += self.measure(kernel)
            finally:
                kernel.close()
        return total


class Start(Fresh):
    def measure(self, kernel):
        return kernel.started


class FirstCell(Fresh):
    def measure(self, kernel):
        kernel.run(code(self.given, "const first: number = 1 + 1;\nfirst", "first: int = 1 + 1\nfirst"))
        return time.perf_counter() - kernel.began


class Warm:
    """A case that many calls of one kernel are taken of."""

    check = 1
    kernel = None

    def __init__(self, given):
        self.given = given

    def run(self, calls):
        if Warm.kernel is None:
            Warm.kernel = Kernel(self.given)
            # Compilers read ahead when nothing is asked of them.
            Warm.kernel.run(code(self.given, "const warm: number[] = [1];", "warm = [1]"))
            time.sleep(4)
        return sum(self.measure(Warm.kernel) for _ in range(calls))


class Cell(Warm):
    """A cell that declares, calls and shows; never the same twice."""

    turns = 0

    def measure(self, kernel):
        Cell.turns += 1
        n = Cell.turns
        typescript = f"interface Row{n} {{ id: number; name: string }}\nconst rows{n}: Row{n}[] = [{{ id: {n}, name: 'a' }}];\nfunction names{n}(rows: readonly Row{n}[]): string[] {{\n  return rows.map((row) => row.name);\n}}\nnames{n}(rows{n})"
        python = f"rows{n} = [{{'id': {n}, 'name': 'a'}}]\ndef names{n}(rows):\n    return [row['name'] for row in rows]\n\nnames{n}(rows{n})"
        seconds, _, reply = kernel.run(code(self.given, typescript, python))
        if reply["status"] != "ok":
            raise RuntimeError(f"the cell failed: {reply}")
        return seconds


class Again(Warm):
    def measure(self, kernel):
        return kernel.run("1 + 1")[0]


class Lines(Warm):
    check = LINES

    def measure(self, kernel):
        typescript = f"for (let i = 0; i < {LINES}; i++) console.log(`line ${{i}}`)"
        python = f"for i in range({LINES}): print(f'line {{i}}')"
        seconds, text, _ = kernel.run(code(self.given, typescript, python), patience=20)
        expected = "".join(f"line {i}\n" for i in range(LINES))
        if text != expected:
            raise Unsupported(f"{text.count(chr(10))} of {LINES} lines arrived")
        return seconds


class Complete(Warm):
    def measure(self, kernel):
        text = code(self.given, "[1, 2].ma", "'x'.sta")
        begin = time.perf_counter()
        kernel.client.complete(text, len(text))
        kernel.client.get_shell_msg(timeout=PATIENCE)
        return time.perf_counter() - begin


class Interrupt(Warm):
    """From the request to the end of a loop that would never end."""

    def measure(self, kernel):
        msg_id = kernel.client.execute(code(self.given, "console.log('loops'); while (true) {}", "print('loops', flush=True)\nwhile True: pass"))
        while True:
            try:
                if kernel.client.get_iopub_msg(timeout=5)["header"]["msg_type"] == "stream":
                    break
            except queue.Empty:
                raise Unsupported("what a loop prints is not shown while it runs")
        time.sleep(0.05)
        begin = time.perf_counter()
        kernel.manager.interrupt_kernel()
        return kernel.finish(msg_id, begin, patience=20)[0]


cases = {"start": Start, "firstCell": FirstCell, "cell": Cell, "again": Again, "lines": Lines, "complete": Complete, "interrupt": Interrupt}
prepared = {}


def prepare(given, request):
    case = cases[request["case"]](given)
    if not isinstance(case, Fresh):
        case.run(2)
    prepared[request["as"]] = (case, 1 if isinstance(case, (Fresh, Lines, Interrupt)) else 20)
    return {"check": case.check, "calls": prepared[request["as"]][1]}


def measure(given, request):
    case, calls = prepared[request["as"]]
    return {"seconds": case.run(calls) / calls}


def release(given, request):
    del prepared[request["as"]]
    return {}


def peak(given, request):
    """Not a peak: what a kernel that has run a cell and been left alone for a while holds."""
    kernel = Kernel(given)
    kernel.run(code(given, "const idle: number = 1; idle", "idle = 1"))
    time.sleep(6)
    held = kernel.memory()
    kernel.close()
    return {"bytes": held}


def about(given, request):
    kernel = Kernel(given)
    kernel.client.kernel_info()
    info = kernel.client.get_shell_msg(timeout=PATIENCE)["content"]
    kernel.close()
    version = given.version or info.get("implementation_version", "")
    versions = {given.title: version, "jupyter_client": jupyter_client.__version__, "Python": sys.version.split()[0]}
    return {"name": f"{given.title} {version}", "device": "", "versions": versions}


def main():
    parser = argparse.ArgumentParser()
    for name in ("language", "title", "interrupt"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--version", default="")
    parser.add_argument("argv", nargs="+")
    given = parser.parse_args()
    actions = {"about": about, "prepare": prepare, "measure": measure, "release": release, "peak": peak}
    with os.fdopen(3, "w") as replies:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                reply = actions[request["do"]](given, request)
            except Unsupported as error:
                # Whatever state it is in now, the next case gets another one.
                if Warm.kernel:
                    Warm.kernel.close()
                Warm.kernel = None
                reply = {"unsupported": f"{given.title}: {error}"}
            except Exception as error:
                reply = {"error": f"{type(error).__name__}: {error}"}
            replies.write(json.dumps(reply) + "\n")
            replies.flush()


main()
