"""A kernel of ours for each test class, and the shortest way to run a cell in it."""
import os
import time
import unittest

from jupyter_client.manager import KernelManager

TIMEOUT = float(os.environ.get("KONTRAST_TEST_TIMEOUT", "30"))


class Cell:
    """What one request brought back: the reply and, in order, everything published up to its `idle`."""

    def __init__(self, reply, messages):
        self.reply = reply["content"]
        self.messages = [(m["header"]["msg_type"], m["content"]) for m in messages]

    def all(self, msg_type):
        return [content for kind, content in self.messages if kind == msg_type]

    def text(self, name="stdout"):
        return "".join(s["text"] for s in self.all("stream") if s["name"] == name)

    @property
    def result(self):
        results = self.all("execute_result")
        return results[0]["data"]["text/plain"] if results else None


class KernelCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name="kontrast")
        cls.manager.start_kernel()
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=TIMEOUT)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def finish(self, msg_id, timeout=TIMEOUT):
        """The cell's reply and output; fails if they are not all there in time."""
        messages = []
        deadline = time.time() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.time()))
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if message["header"]["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.01, deadline - time.time()))
            if reply["parent_header"].get("msg_id") == msg_id:
                return Cell(reply, messages)

    def run_cell(self, code, timeout=TIMEOUT, **options):
        return self.finish(self.send(code, **options), timeout)

    def wait_for_text(self, wanted, timeout=TIMEOUT):
        """Waits until a cell has printed something, so that it is known to run."""
        deadline = time.time() + timeout
        while time.time() < deadline:
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.time()))
            if message["header"]["msg_type"] == "stream" and wanted in message["content"]["text"]:
                return
        self.fail(f"{wanted!r} was not printed within {timeout} s")

    def interrupt(self, code, started="started"):
        """Runs a cell until it has printed `started`, interrupts it, and times its end."""
        msg_id = self.send(code)
        self.wait_for_text(started)
        begin = time.time()
        self.manager.interrupt_kernel()
        cell = self.finish(msg_id)
        return cell, time.time() - begin


class CommCase(KernelCase):
    def open_comm(self, target, data):
        message = self.client.session.msg("comm_open", {"comm_id": f"c-{time.time()}", "target_name": target, "data": data})
        self.client.shell_channel.send(message)
        return message["content"]["comm_id"]

    def send_comm(self, comm_id, data, msg_type="comm_msg", buffers=()):
        message = self.client.session.msg(msg_type, {"comm_id": comm_id, "data": data})
        self.client.session.send(self.client.shell_channel.socket, message, buffers=list(buffers))

    def next(self, *kinds, timeout=TIMEOUT):
        deadline = time.time() + timeout
        while time.time() < deadline:
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.time()))
            if message["header"]["msg_type"] in kinds:
                return message
        self.fail(f"no {kinds}")

    def ask(self, msg_type, content, channel="shell", header=None):
        message = self.client.session.msg(msg_type, content)
        message["header"].update(header or {})
        getattr(self.client, f"{channel}_channel").send(message)
        get = self.client.get_control_msg if channel == "control" else self.client.get_shell_msg
        while True:
            reply = get(timeout=10)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return reply["content"]
