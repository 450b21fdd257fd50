"""What reaches the kernel's sockets besides proper messages. Run by session.test.ts with JUPYTER_PATH set."""
import json
import os
import random
import stat
import subprocess
import tempfile
import time
import unittest

import zmq
from jupyter_client.session import Session

from kernel_case import TIMEOUT, KernelCase

FUZZ_SECONDS = float(os.environ.get("KONTRAST_FUZZ_SECONDS", "4"))


class Frames(KernelCase):
    def dealer(self, port):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger = 0
        socket.connect(f"tcp://127.0.0.1:{port}")
        self.addCleanup(socket.close)
        return socket

    def signed(self, code="globalThis.counted = (globalThis.counted ?? 0) + 1"):
        session = Session(key=self.manager.session.key)
        content = {"code": "(globalThis as any).counted = ((globalThis as any).counted ?? 0) + 1", "silent": True, "store_history": False}
        return session.serialize(session.msg("execute_request", content))

    def counted(self):
        return self.run_cell("String((globalThis as any).counted ?? 0)").result.strip("'")

    def test_a_message_is_taken_once(self):
        frames = self.signed()
        before = int(self.counted())
        for channel in (self.manager.shell_port, self.manager.shell_port, self.manager.control_port):
            self.dealer(channel).send_multipart(frames)
            time.sleep(0.3)
        self.assertEqual(int(self.counted()), before + 1)

    def test_changed_or_unsigned_ones_are_not_taken(self):
        before = self.counted()
        socket = self.dealer(self.manager.shell_port)
        frames = self.signed()
        for index in range(1, len(frames)):
            changed = list(frames)
            changed[index] = changed[index][:-1] + bytes([changed[index][-1] ^ 1])
            socket.send_multipart(changed)
        socket.send_multipart([frames[0], b"", *frames[2:]])
        socket.send_multipart([frames[0], *frames[2:]])
        time.sleep(0.5)
        self.assertEqual(self.counted(), before)

    def test_only_the_given_address_listens(self):
        pid = self.manager.provisioner.process.pid
        inodes = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd") if os.path.exists(f"/proc/{pid}/fd/{fd}")}
        listening = []
        for table in ("tcp", "tcp6"):
            with open(f"/proc/{pid}/net/{table}") as lines:
                for line in list(lines)[1:]:
                    fields = line.split()
                    if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                        listening.append((fields[1].split(":")[0], int(fields[1].split(":")[1], 16)))
        ports = {getattr(self.manager, f"{name}_port") for name in ("shell", "control", "iopub", "stdin", "hb")}
        self.assertEqual({port for _, port in listening}, ports)
        self.assertEqual({address for address, _ in listening}, {"0100007F"})

    def test_the_key_is_nowhere_to_be_seen(self):
        key = self.manager.session.key.decode()
        cell = self.run_cell("JSON.stringify([process.argv, process.execArgv, process.env])")
        self.assertNotIn(key, cell.result)
        pid = self.manager.provisioner.process.pid
        with open(f"/proc/{pid}/cmdline") as line:
            self.assertNotIn(key, line.read())

    def test_random_frames(self):
        """Frames of all kinds for a while; meanwhile and afterwards the kernel does its work."""
        seed = int(time.time())
        draw = random.Random(seed)
        sockets = [self.dealer(getattr(self.manager, f"{name}_port")) for name in ("shell", "control", "stdin")]
        session = Session(key=self.manager.session.key)
        types = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "debug_request", "input_reply", "create_subshell_request", "delete_subshell_request", "interrupt_request", "usage_request", "nonsense"]

        def value(depth=0):
            kinds = [lambda: None, lambda: True, lambda: draw.randint(-9, 2**53), lambda: draw.random() * 1e300, lambda: "".join(chr(draw.choice([0, 10, 34, 60, 65, 233, 0x1F98A, 0xFFFF])) for _ in range(draw.randint(0, 20)))]
            if depth < 3:
                kinds += [lambda: [value(depth + 1) for _ in range(draw.randint(0, 4))], lambda: {str(value(9)): value(depth + 1) for _ in range(draw.randint(0, 4))}]
            return draw.choice(kinds)()

        names = ["code", "cursor_pos", "detail_level", "silent", "store_history", "user_expressions", "comm_id", "target_name", "data", "hist_access_type", "n", "session", "pattern", "subshell_id", "command", "arguments", "seq", "value", "allow_stdin"]
        deadline, count = time.time() + FUZZ_SECONDS, 0
        while time.time() < deadline:
            count += 1
            socket = draw.choice(sockets)
            if draw.random() < 0.4:
                socket.send_multipart([draw.randbytes(draw.choice([0, 1, 9, 64, 5000])) for _ in range(draw.randint(1, 9))])
                continue
            kind = draw.choice(types)
            content = {name: value() for name in draw.sample(names, draw.randint(0, 6))}
            if kind == "execute_request" and isinstance(content.get("code"), str):
                content["code"] = draw.choice(["1", "x(", "%who", "`", content["code"]])
            message = session.msg(kind, content)
            if draw.random() < 0.3:
                message["header"][draw.choice(["subshell_id", "date", "username", "version", "msg_id"])] = value()
            frames = session.serialize(message)
            if draw.random() < 0.3:
                place = draw.randrange(len(frames))
                frames[place] = draw.choice([draw.randbytes(20), b"", b"[]", b"null", b'{"a":' * 2000, frames[place][:-1]])
            socket.send_multipart(frames + [draw.randbytes(3)] * draw.choice([0, 0, 0, 2]))
            if count % 50 == 0:
                time.sleep(0.02)
        cell = self.run_cell("6 * 7", timeout=240)
        while cell.reply.get("ename") == "Aborted":  # one of the cells that were queued before it has failed
            cell = self.run_cell("6 * 7", timeout=240)
        self.assertEqual(cell.result, "42", f"seed {seed}, {count} messages, {cell.reply}")
        self.assertIsNone(self.manager.provisioner.process.poll())


class Connection(unittest.TestCase):
    """A kernel started by hand, with a connection file of our own."""

    def start(self, mode=0o600, **more):
        self.folder = tempfile.mkdtemp()
        ports = []
        for _ in range(5):
            with zmq.Context.instance().socket(zmq.REP) as socket:
                ports.append(socket.bind_to_random_port("tcp://127.0.0.1"))
        names = ("shell_port", "control_port", "iopub_port", "stdin_port", "hb_port")
        self.info = {"ip": "127.0.0.1", "transport": "tcp", "key": "sécret", "signature_scheme": "hmac-sha256", **dict(zip(names, ports)), **more}
        path = os.path.join(self.folder, "connection.json")
        with open(path, "w") as file:
            json.dump(self.info, file)
        os.chmod(path, mode)
        with open(os.path.join(os.environ["JUPYTER_PATH"], "kernels", "kontrast", "kernel.json")) as file:
            argv = [word.replace("{connection_file}", path) for word in json.load(file)["argv"]]
        process = subprocess.Popen(argv, cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stderr.close()))
        return process

    def ask(self, patience=TIMEOUT, **options):
        """Whether a kernel_info_request is answered on shell, by a socket with these options."""
        session = Session(key=self.info["key"].encode())
        with zmq.Context.instance().socket(zmq.DEALER) as socket:
            socket.linger = 0
            for name, given in options.items():
                setattr(socket, name, given)
            socket.connect(f"tcp://127.0.0.1:{self.info['shell_port']}")
            session.send(socket, session.msg("kernel_info_request", {}))
            return bool(socket.poll(patience * 1000))

    def test_curve_lets_in_who_has_the_keys_alone(self):
        public, secret = zmq.curve_keypair()
        self.start(curve_publickey=public.decode(), curve_secretkey=secret.decode())
        self.assertTrue(self.ask(curve_serverkey=public, curve_publickey=public, curve_secretkey=secret))
        self.assertFalse(self.ask(patience=1))
        other_public, other_secret = zmq.curve_keypair()
        self.assertFalse(self.ask(patience=1, curve_serverkey=other_public, curve_publickey=other_public, curve_secretkey=other_secret))
        with zmq.Context.instance().socket(zmq.REQ) as beat:
            beat.linger = 0
            beat.curve_serverkey, (beat.curve_publickey, beat.curve_secretkey) = public, zmq.curve_keypair()
            beat.connect(f"tcp://127.0.0.1:{self.info['hb_port']}")
            beat.send(b"ping")
            self.assertTrue(beat.poll(TIMEOUT * 1000))
            self.assertEqual(beat.recv(), b"ping")

    def test_half_a_pair_of_keys_is_refused_and_not_told(self):
        public, secret = zmq.curve_keypair()
        process = self.start(curve_secretkey=secret.decode())
        self.assertEqual(process.wait(TIMEOUT), 1)
        said = process.stderr.read()
        self.assertIn("must have both CurveZMQ keys or none", said)
        self.assertNotIn(secret.decode(), said)

    def test_a_file_that_others_can_read_draws_a_warning(self):
        process = self.start(mode=0o644)
        self.assertTrue(self.ask())
        process.terminate()
        said = process.stderr.read()
        self.assertIn("can be read by other users (mode 644)", said)
        self.assertIn("chmod 600", said)
        self.assertNotIn("sécret", said)
        process = self.start(mode=stat.S_IRUSR | stat.S_IWUSR)
        self.assertTrue(self.ask())
        process.terminate()
        self.assertEqual(process.stderr.read(), "")

    def test_what_was_dropped_is_told_on_the_server(self):
        process = self.start()
        self.assertTrue(self.ask())
        with zmq.Context.instance().socket(zmq.DEALER) as socket:
            socket.connect(f"tcp://127.0.0.1:{self.info['shell_port']}")
            for _ in range(12):
                socket.send_multipart([b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"])
            time.sleep(0.5)
        process.terminate()
        lines = process.stderr.read().splitlines()
        self.assertEqual([line.split(" ")[1] for line in lines], ["1", "10"])
        self.assertIn("the signature does not fit the frames", lines[0])


if __name__ == "__main__":
    unittest.main()
