"""One stock Jupyter client against the kernel: subshells, late output, history, and requests that are no cells. Run by session.test.ts with JUPYTER_PATH set."""
import os
import tempfile
import time
import unittest

from kernel_case import TIMEOUT, CommCase, KernelCase


class Subshells(CommCase):
    def create(self):
        return self.ask("create_subshell_request", {}, "control")["subshell_id"]

    def send_in(self, subshell, code):
        message = self.client.session.msg("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
        message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def gather(self, *ids, timeout=TIMEOUT):
        """Replies and text by id, until all are idle, and the order in which they ended."""
        text, order, deadline = {i: "" for i in ids}, [], time.time() + timeout
        while len(order) < len(ids):
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.time()))
            parent = message["parent_header"].get("msg_id")
            if parent in text and message["header"]["msg_type"] == "stream":
                text[parent] += message["content"]["text"]
            if parent in text and message["content"].get("execution_state") == "idle":
                order.append(parent)
        replies = {}
        while len(replies) < len(ids):
            reply = self.client.get_shell_msg(timeout=max(0.01, deadline - time.time()))
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
        return replies, text, order

    def test_create_list_delete(self):
        first, second = self.create(), self.create()
        self.assertLessEqual({first, second}, set(self.ask("list_subshell_request", {}, "control")["subshell_id"]))
        self.assertEqual(self.ask("delete_subshell_request", {"subshell_id": first}, "control"), {"status": "ok"})
        self.assertNotIn(first, self.ask("list_subshell_request", {}, "control")["subshell_id"])
        self.assertEqual(self.ask("delete_subshell_request", {"subshell_id": first}, "control")["status"], "error")
        reply = self.ask("execute_request", {"code": "1"}, header={"subshell_id": first})
        self.assertIn("there is no subshell", reply["evalue"])
        self.ask("delete_subshell_request", {"subshell_id": second}, "control")

    def test_runs_beside_a_waiting_cell_and_output_goes_to_its_own(self):
        shell = self.create()
        waiting = self.send("let progress = 0; while (progress < 20) { progress++; console.log(`main ${progress}`); await new Promise((done) => setTimeout(done, 20)); }")
        time.sleep(0.2)
        beside = self.send_in(shell, "for (let i = 0; i < 3; i++) { console.log(`sub ${i}, main at ${typeof progress}`); await new Promise((done) => setTimeout(done, 15)); }")
        replies, text, order = self.gather(waiting, beside)
        self.assertEqual(order, [beside, waiting])
        self.assertEqual(text[beside], "".join(f"sub {i}, main at number\n" for i in range(3)))
        self.assertEqual(text[waiting], "".join(f"main {i}\n" for i in range(1, 21)))
        self.assertEqual([replies[i]["status"] for i in (waiting, beside)], ["ok", "ok"])

    def test_has_numbers_and_history_of_its_own(self):
        shell = self.create()
        for number in (1, 2):
            replies, _, _ = self.gather(msg := self.send_in(shell, f"'sub {number}'"))
            self.assertEqual(replies[msg]["execution_count"], number)
        history = self.ask("history_request", {"hist_access_type": "tail", "n": 9, "output": False, "raw": True}, header={"subshell_id": shell})["history"]
        self.assertEqual([line[2] for line in history], ["'sub 1'", "'sub 2'"])

    def test_an_interrupt_is_for_all(self):
        shell = self.create()
        both = [self.send("await new Promise(() => {})"), self.send_in(shell, "console.log('started'); while (true) {}")]
        self.wait_for_text("started")
        self.manager.interrupt_kernel()
        replies, _, _ = self.gather(*both)
        self.assertEqual([replies[i]["ename"] for i in both], ["Interrupted", "Interrupted"])
        self.assertEqual(self.run_cell("1 + 1").result, "2")

    def test_a_cell_gets_a_file_although_the_one_that_was_loading_it_was_stopped(self):
        shell = self.create()
        with open("shared.ts", "w") as file:
            file.write("console.log('started');\nif ((globalThis as any).loads++ === 0) await new Promise(() => undefined);\nexport const value = 7;\n")
        self.run_cell("(globalThis as any).loads = 0")
        loading = self.send("import { value } from './shared.ts'; value")
        self.wait_for_text("started")
        # One that listens is not stopped.
        listening = self.send_in(shell, "void (globalThis as any)[Symbol.for('kontrast.cell')].signal; console.log('listens'); console.log((await import('./shared.ts')).value)")
        self.wait_for_text("listens")
        self.manager.interrupt_kernel()
        replies, text, _ = self.gather(loading, listening)
        self.assertEqual(replies[loading]["ename"], "Interrupted")
        self.assertIn("7\n", text[listening])

    def test_an_error_aborts_its_own_queue_alone(self):
        shell = self.create()
        main = self.send("await new Promise((done) => setTimeout(done, 300)); 'main'")
        failing, behind = self.send_in(shell, "await null; throw new Error('sub')"), self.send_in(shell, "'never'")
        replies, _, _ = self.gather(main, failing, behind)
        self.assertEqual([replies[i]["status"] for i in (main, failing, behind)], ["ok", "error", "error"])
        self.assertEqual(replies[behind]["ename"], "Aborted")


class Late(KernelCase):
    """Late output goes to the cell that caused it, whatever runs meanwhile."""

    def late(self, code):
        first = self.send(code)
        second = self.send("for (let i = 0; i < 40; i++) await new Promise((done) => setTimeout(done, 10));")
        parents = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["header"]["msg_type"] == "stream":
                parents.append((message["parent_header"]["msg_id"], message["content"]["text"]))
            if message["parent_header"].get("msg_id") == second and message["content"].get("execution_state") == "idle":
                break
        for _ in range(2):
            self.client.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual(parents, [(first, "late\n")])

    def test_promise_chain(self):
        self.late("void (async () => { for (let i = 0; i < 5; i++) await new Promise((done) => setTimeout(done, 20)); await Promise.all([null, null]); console.log('late'); })();")

    def test_child_process(self):
        self.late("import { exec } from 'node:child_process';\nexec('sleep 0.1; echo out').stdout!.on('data', () => console.log('late')); 0;")

    def test_microtask_and_tick_in_a_timer(self):
        self.late("setTimeout(() => queueMicrotask(() => process.nextTick(() => console.log('late'))), 80); 0;")

    def test_awaited_file(self):
        self.late("import { readFile } from 'node:fs/promises';\nsetTimeout(async () => { await readFile('/etc/hostname'); await readFile('/etc/hostname'); console.log('late'); }, 80); 0;")

    def test_error_in_a_timer(self):
        first = self.send("setTimeout(() => { throw new Error('thrown late'); }, 80); 0;")
        self.finish(first)
        msg_id = self.send("await new Promise((done) => setTimeout(done, 200));")
        message = self.client.get_iopub_msg(timeout=TIMEOUT)
        while message["header"]["msg_type"] != "stream":
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
        self.assertEqual(message["parent_header"]["msg_id"], first)
        self.assertIn("thrown late", message["content"]["text"])
        self.finish(msg_id)


class HistoryOnDisk(KernelCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.before = {name: os.environ.get(name) for name in ("KONTRAST_HISTORY", "KONTRAST_HISTORY_DIR")}
        os.environ.update(KONTRAST_HISTORY="on", KONTRAST_HISTORY_DIR=cls.folder)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        for name, value in cls.before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})

    def test_survives_a_restart(self):
        self.run_cell("'of the first life'")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=30)
        self.run_cell("'of the second'")
        self.client.history(raw=True, output=True, hist_access_type="tail", n=5)
        reply = self.client.get_shell_msg(timeout=5)
        self.assertEqual([line[1:] for line in reply["content"]["history"]], [[1, ["'of the first life'", "'of the first life'"]], [1, ["'of the second'", "'of the second'"]]])
        self.client.history(raw=True, output=False, hist_access_type="range", session=-1, start=0, stop=9)
        self.assertEqual([line[2] for line in self.client.get_shell_msg(timeout=5)["content"]["history"]], ["'of the first life'"])


class Answers(CommCase):
    def test_inspect_with_more_detail(self):
        self.run_cell("interface Pair { left: number; right: { deep: string } }\n/** Swaps. */\nfunction swap(pair: Pair): Pair { return pair }")
        short = self.ask("inspect_request", {"code": "swap", "cursor_pos": 2, "detail_level": 0})
        more = self.ask("inspect_request", {"code": "swap", "cursor_pos": 2, "detail_level": 1})
        self.assertEqual(short["data"]["text/plain"], "function swap(pair: Pair): Pair\n\nSwaps.")
        self.assertIn("```typescript\nfunction swap", short["data"]["text/markdown"])
        self.assertIn("function swap(pair: Pair): Pair { return pair }", more["data"]["text/plain"].split("Source:")[1])
        library = self.ask("inspect_request", {"code": "parseInt", "cursor_pos": 2, "detail_level": 1})
        self.assertIn("Declared in", library["data"]["text/plain"])

    def test_complete_and_inspect_magics(self):
        reply = self.ask("complete_request", {"code": "1\n%ti", "cursor_pos": 5})
        self.assertEqual((reply["matches"], reply["cursor_start"], reply["cursor_end"]), (["%time", "%timeit"], 2, 5))
        reply = self.ask("inspect_request", {"code": "%timeit 1", "cursor_pos": 3})
        self.assertIn("many times", reply["data"]["text/plain"])
        self.run_cell("const fox = { tail: 1 }")
        reply = self.ask("complete_request", {"code": "%time fox.t", "cursor_pos": 11})
        self.assertEqual(reply["matches"], ["tail"])

    def test_complete_what_magics_take(self):
        self.run_cell("const hen = { egg: 1, eye: 2 }")
        cases = (
            ("%engine ", ["auto", "torch", "tensorflow", "webgpu", "wasm"], ""),
            ("1\n  // %engine to", ["torch"], "to"),
            ("%engine torch c", ["cpu", "cuda"], "c"),
            ("//%wh", ["%who", "%whos"], "%wh"),
            ("%engine wasm ", [], ""),
            ("%install ", [], ""),
            ("%install he", [], "he"),
            ("%%writefile he", [], "he"),
            ("%%html\n<b>he", [], "<b>he"),
            ("%time hen.", ["egg", "eye"], ""),
            ("const egg = 1\n// a comment\n%timeit hen.e", ["egg", "eye"], "e"),
            ("%%time\nhen.e", ["egg", "eye"], "e"),
            ("%who\nhen.e", ["egg", "eye"], "e"),
            ("?hen.e", ["egg", "eye"], "e"),
            ("1\n  ?he", ["hen"], "he"),
        )
        for code, matches, typed in cases:
            reply = self.ask("complete_request", {"code": code, "cursor_pos": len(code)})
            self.assertEqual(reply["matches"], matches, code)
            self.assertEqual(code[reply["cursor_start"]:reply["cursor_end"]], typed, code)

    def test_is_complete(self):
        for code, status in (("%time f(", "incomplete"), ("%%html\n<b>", "complete"), ("%%html", "incomplete"), ("\n%%time \n", "incomplete"), ("// %%html", "incomplete"), ("%%time\n1", "complete"), ("%time", "complete"), ("function f()", "incomplete"), ("%who", "complete"), ("<div>", "incomplete"), ("<div></div>", "complete")):
            self.assertEqual(self.ask("is_complete_request", {"code": code})["status"], status, code)
        for code, indent in (("%time f(", "  "), ("  %time f(", "    "), ("if (x) {\n  f(", "    ")):
            self.assertEqual(self.ask("is_complete_request", {"code": code})["indent"], indent, code)

    def test_user_expressions_and_silence(self):
        cell = self.run_cell("const base = 20", user_expressions={"twice": "base * 2", "wrong": "nothing"})
        self.assertEqual(cell.reply["user_expressions"]["twice"]["data"], {"text/plain": "40"})
        self.assertEqual(cell.reply["user_expressions"]["wrong"]["status"], "error")
        silent = self.run_cell("console.log('unheard'); base", silent=True)
        self.assertEqual([kind for kind, _ in silent.messages], ["status", "status"])

    def test_answers_while_a_cell_is_busy(self):
        self.run_cell("const busy = { bees: 1 }")
        msg_id = self.send("console.log('started'); const end = Date.now() + 2000; while (Date.now() < end) {}")
        self.wait_for_text("started")
        begin = time.time()
        self.assertEqual(self.ask("complete_request", {"code": "busy.", "cursor_pos": 5})["matches"], ["bees"])
        self.assertTrue(self.ask("inspect_request", {"code": "busy", "cursor_pos": 1, "detail_level": 0})["found"])
        self.assertLess(time.time() - begin, 1)
        self.finish(msg_id)

    def test_usage(self):
        usage = self.ask("usage_request", {}, "control")
        self.assertGreater(usage["kernel_memory"], 50e6)
        self.assertEqual(usage["pid"], self.manager.provisioner.process.pid)

    def test_connect(self):
        self.assertEqual(self.ask("connect_request", {})["iopub_port"], self.manager.iopub_port)


if __name__ == "__main__":
    unittest.main()
