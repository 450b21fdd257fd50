"""One stock Jupyter client against the kernel: what users see. Run by session.test.ts with JUPYTER_PATH set."""
import time
import unittest

from kernel_case import KernelCase


class Execution(KernelCase):
    def test_result(self):
        cell = self.run_cell("1 + 1")
        self.assertEqual(cell.result, "2")
        self.assertEqual(cell.reply["status"], "ok")
        self.assertEqual(cell.all("execute_result")[0]["execution_count"], cell.reply["execution_count"])
        self.assertEqual([kind for kind, _ in cell.messages], ["status", "execute_input", "execute_result", "status"])

    def test_no_result_for_a_declaration(self):
        self.assertIsNone(self.run_cell("const nothing = undefined; nothing").result)
        self.assertIsNone(self.run_cell("let five = 5").result)

    def test_forgotten_await_shows_the_value(self):
        self.assertEqual(self.run_cell("Promise.resolve(7)").result, "7")

    def test_streams_keep_their_order(self):
        self.assertEqual(self.run_cell("process.stdout.write('4142', 'hex'); process.stdout.end('Qw==', 'base64')").text(), "ABC")
        cell = self.run_cell("console.log('a'); console.error('b'); process.stdout.write('c'); await null; console.log('d')")
        self.assertEqual([(s["name"], s["text"]) for s in cell.all("stream")], [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "cd\n")])

    def test_a_hundred_thousand_lines_before_idle(self):
        cell = self.run_cell("for (let i = 0; i < 100000; i++) console.log(`line ${i}`)")
        self.assertEqual(cell.text(), "".join(f"line {i}\n" for i in range(100000)))
        self.assertLess(len(cell.all("stream")), 500)

    def test_output_of_programs_and_native_code(self):
        cell = self.run_cell("import { spawnSync } from 'node:child_process';\nspawnSync('echo', ['native'], { stdio: 'inherit' }).status")
        self.assertEqual(cell.text(), "native\n")
        self.assertEqual(cell.result, "0")

    def test_nobody_closes_the_streams(self):
        self.run_cell("import { pipeline } from 'node:stream/promises';\nimport { Readable } from 'node:stream';")
        for name in ("stdout", "stderr"):
            cell = self.run_cell(f"await pipeline(Readable.from(['a']), process.{name}); process.{name}.write('b'); 1")
            self.assertEqual((cell.text(name), cell.result), ("ab", "1"))
            cell = self.run_cell(f"await new Promise<void>((done) => process.{name}.once('finish', () => process.{name}.write('d')).end('c', done)); 2")
            self.assertEqual((cell.text(name), cell.result), ("cd", "2"))
        cell = self.run_cell("import { execSync } from 'node:child_process'; console.log('e'); execSync('echo f', { stdio: 'inherit' }); 3")
        self.assertEqual((sorted(cell.text().split()), cell.result), (["e", "f"], "3"))

    def test_half_a_character(self):
        cell = self.run_cell("console.log('a😀'.slice(0, 2)); throw new Error('b😀'.slice(0, 2))")
        self.assertEqual((cell.text(), cell.reply["evalue"]), ("a\ufffd\n", "b\ufffd"))
        self.assertIn("😀…", self.run_cell("[{ text: '😀'.repeat(2000) }]").result)

    def test_variables_and_redefinition(self):
        self.run_cell("const x = 1; function twice(n: number) { return 2 * n }")
        self.run_cell("const calls = () => twice(x)")
        self.run_cell("function twice(n: number) { return 20 * n }")
        self.assertEqual(self.run_cell("const x = 2; calls()").result, "40")

    def test_variables_of_a_failed_cell_are_kept(self):
        failed = self.run_cell("const kept = 'yes'; throw new Error('half-way')")
        self.assertEqual(failed.reply["ename"], "Error")
        self.assertEqual(self.run_cell("kept").result, "'yes'")

    def test_silent(self):
        before = self.run_cell("0").reply["execution_count"]
        cell = self.run_cell("console.log('x'); 3", silent=True)
        self.assertEqual([kind for kind, _ in cell.messages], ["status", "status"])
        self.assertEqual(self.run_cell("0").reply["execution_count"], before + 1)

    def test_user_expressions(self):
        cell = self.run_cell("const base = 20", user_expressions={"sum": "base + 1", "bad": "missing.name"})
        self.assertEqual(cell.reply["user_expressions"]["sum"]["data"]["text/plain"], "21")
        self.assertEqual(cell.reply["user_expressions"]["bad"]["status"], "error")

    def test_stop_on_error_aborts_the_queue(self):
        ids = [self.send(code) for code in ("await new Promise((resolve) => setTimeout(resolve, 1000)); throw new Error('first')", "1", "2")]
        cells = [self.finish(msg_id) for msg_id in ids]
        self.assertEqual([c.reply["status"] for c in cells], ["error"] * 3)
        self.assertEqual([c.reply["ename"] for c in cells], ["Error", "Aborted", "Aborted"])
        self.assertEqual(self.run_cell("3").result, "3")

    def test_without_stop_on_error_the_queue_goes_on(self):
        ids = [self.send("throw new Error('first')", stop_on_error=False), self.send("4")]
        self.assertEqual([self.finish(msg_id).reply["status"] for msg_id in ids], ["error", "ok"])

    def test_late_output_belongs_to_its_cell(self):
        first = self.send("setTimeout(() => console.log('late'), 300); 'set'")
        self.finish(first)
        self.run_cell("1")
        message = self.client.get_iopub_msg(timeout=5)
        self.assertEqual(message["content"], {"name": "stdout", "text": "late\n"})
        self.assertEqual(message["parent_header"]["msg_id"], first)

    def test_modules_come_from_the_folder(self):
        with open("helper.ts", "w") as file:
            file.write("export const triple = (n: number): number => 3 * n;\n")
        self.assertEqual(self.run_cell("import { triple } from './helper'; triple(3)").result, "9")

    def test_no_experimental_warning(self):
        with open("plain.mjs", "w") as file:
            file.write("export const answer = 42;\n")
        cell = self.run_cell("declare const require: any; require('./plain.mjs').answer")
        self.assertEqual((cell.result, cell.text("stderr")), ("42", ""))


class Errors(KernelCase):
    def error(self, code):
        cell = self.run_cell(code)
        (error,) = cell.all("error")
        self.assertEqual(cell.reply["ename"], error["ename"])
        return error, "\n".join(error["traceback"])

    def test_lines_of_the_cell_and_a_caret(self):
        error, text = self.error(
            "interface Unused { a: number }\n"
            "function fail(n: number): never {\n"
            "  throw new RangeError(`bad ${n}`);\n"
            "}\n"
            "\n"
            "await null;\n"
            "fail(3);\n"
        )
        count = self.run_cell("0").reply["execution_count"] - 1
        self.assertEqual((error["ename"], error["evalue"]), ("RangeError", "bad 3"))
        self.assertIn(f"at cell {count}, line 3, column 9, in fail", text)
        self.assertIn("> 3 |   throw new RangeError(`bad ${n}`);\n    |         ^\n", text)
        self.assertIn(f"at cell {count}, line 7, column 1", text)
        self.assertNotIn("node:", text)
        self.assertNotIn("dist/", text)

    def test_lines_that_wait(self):
        error, text = self.error("import { readFile } from 'node:fs/promises';\nasync function read() {\n  return await readFile('no such file');\n}\nawait read();")
        self.assertIn("line 3, column 10, in read", text)
        self.assertRegex(text, r"at cell \d+, line 5, column 1")
        _, text = self.error("import { readFile } from 'node:fs/promises';\n  await readFile('no such file');")
        self.assertIn("> 2 |   await readFile('no such file');\n    |   ^\n", text + "\n")

    def test_function_of_an_earlier_cell(self):
        first = self.run_cell("\nfunction early() {\n  throw new Error('deep');\n}").reply["execution_count"]
        _, text = self.error("early()")
        self.assertIn(f"at cell {first}, line 3, column 9, in early", text)
        self.assertIn(f"at cell {first + 1}, line 1, column 1", text)

    def test_messages_are_in_the_words_of_the_cell(self):
        self.run_cell("let untyped: any = { list: 1 }; import * as fs from 'node:fs'")
        self.assertEqual(self.error("untyped()")[0]["evalue"], "untyped is not a function")
        error, text = self.error("untyped.list()")
        self.assertEqual(error["evalue"], "untyped.list is not a function")
        self.assertIn("TypeError: untyped.list is not a function", text)
        self.assertEqual(self.error("for (const one of untyped) {}")[0]["evalue"], "untyped is not iterable")
        self.assertEqual(self.error("(fs as any).nothing()")[0]["evalue"], "fs.nothing is not a function")

    def test_cause_and_own_class(self):
        error, text = self.error(
            "class Odd extends Error {}\n"
            "try { JSON.parse('{') } catch (cause) { throw new Odd('outer', { cause }) }"
        )
        self.assertEqual(error["ename"], "Odd")
        self.assertIn("Caused by SyntaxError: ", text)

    def test_errors_within_an_error(self):
        error, text = self.error(
            "function fail(n: number): never {\n  throw new RangeError(`bad ${n}`, { cause: new Error(`cause ${n}`) });\n}\n"
            "await Promise.any([1, 2].map(async (n) => fail(n)))"
        )
        self.assertEqual(error["ename"], "AggregateError")
        for n in (1, 2):
            self.assertIn(f"Error {n} of 2: RangeError: bad {n}\n", text)
            self.assertIn(f"Caused by Error: cause {n}\n", text)
        self.assertEqual(text.count("line 2, column 9, in fail\n"), 2)
        _, text = self.error("throw new AggregateError(Array.from({ length: 100 }, (_, i) => new Error(`e${i}`)), 'many')")
        self.assertIn("Error 8 of 100: Error: e7\n", text)
        self.assertIn("\n… 92 more errors", text)

    def test_an_error_that_suppresses_another(self):
        error, text = self.error(
            "{\n  using door = { [Symbol.dispose]() { throw new TypeError('stuck') } };\n  throw new RangeError('fire');\n}"
        )
        self.assertEqual(error["ename"], "SuppressedError")
        self.assertIn("Thrown last: TypeError: stuck\n", text)
        self.assertIn("Suppressed: RangeError: fire\n", text)
        self.assertIn("line 3, column 9", text)
        _, text = self.error("using hall = { [Symbol.dispose]() { throw new TypeError('stuck') } };\nthrow new RangeError('fire');")
        self.assertIn("Thrown last: TypeError: stuck\n", text)
        self.assertEqual(text.count("RangeError: fire"), 1)

    def test_errors_that_hold_each_other(self):
        _, text = self.error("const a: any = new Error('a'), b = new Error('b', { cause: a });\na.cause = b;\nthrow a")
        self.assertEqual((text.count("Error: a\n"), text.count("Caused by Error: b\n")), (1, 1))

    def test_an_error_without_a_message(self):
        error, text = self.error("throw new RangeError()")
        self.assertEqual((error["ename"], error["evalue"]), ("RangeError", ""))
        self.assertTrue(text.startswith("RangeError\n    at cell"), text)

    def test_thrown_value(self):
        error, _ = self.error("throw { a: 1 }")
        self.assertEqual((error["ename"], error["evalue"]), ("Thrown", "{ a: 1 }"))

    def test_traces(self):
        text = self.run_cell("function f() {\n  console.trace('here', 1);\n}\nf()").text("stderr")
        self.assertRegex(text, r"^Trace: here 1\n    at f \(.*:2:11\)\n    at .*:4:1")
        text = self.run_cell("const site: { stack?: string } = {};\nError.captureStackTrace(site);\nconsole.error(site.stack)").text("stderr")
        self.assertRegex(text, r"^Error\n    at .*:2:7")

    def test_type_error_before_anything_runs(self):
        cell = self.run_cell("console.log('ran');\nconst s: string = 5;")
        (error,) = cell.all("error")
        self.assertEqual(cell.text(), "")
        self.assertEqual(error["ename"], "TypeScriptError")
        self.assertIn("line 2, column 7", error["evalue"])
        self.assertIn("TS2322", error["evalue"])
        self.assertIn("  const s: string = 5;\n        ^", "\n".join(error["traceback"]))

    def test_uncaught_in_a_timer_and_a_promise(self):
        cell = self.run_cell(
            "setTimeout(() => { throw new Error('from timer') }, 5);\n"
            "void Promise.reject(new Error('from promise'));\n"
            "await new Promise((done) => setTimeout(done, 100)); 'alive'"
        )
        self.assertEqual(cell.result, "'alive'")
        self.assertIn("Error: from timer", cell.text("stderr"))
        self.assertIn("line 1, column 26", cell.text("stderr"))
        self.assertIn("Error: from promise", cell.text("stderr"))


class Display(KernelCase):
    """By the hooks that the display room uses, so that this test needs no toolkit."""

    code = "const cell = (globalThis as any)[Symbol.for('kontrast.cell')];"

    def test_bundle_update_and_clear(self):
        cell = self.run_cell(
            self.code + "cell.sink.displayData({ 'text/html': '<b>1</b>' }, { displayId: 'one' });"
            "cell.sink.updateDisplayData({ 'text/html': '<b>2</b>' }, 'one');"
            "cell.sink.clearOutput(true);"
        )
        self.assertEqual([kind for kind, _ in cell.messages[2:-1]], ["display_data", "update_display_data", "clear_output"])
        (shown,), (updated,), (cleared,) = cell.all("display_data"), cell.all("update_display_data"), cell.all("clear_output")
        self.assertEqual((shown["data"], shown["transient"]), ({"text/html": "<b>1</b>"}, {"display_id": "one"}))
        self.assertEqual((updated["data"], updated["transient"]), ({"text/html": "<b>2</b>"}, {"display_id": "one"}))
        self.assertEqual(cleared, {"wait": True})

    def test_text_and_displays_keep_their_order(self):
        cell = self.run_cell(
            self.code + "for (const i of [1, 2, 3]) { console.log(i); cell.sink.displayData({ 'text/plain': `${i}` }) }"
        )
        kinds = [kind for kind, _ in cell.messages[2:-1]]
        self.assertEqual(kinds, ["stream", "display_data"] * 3)

    def test_value_that_displays_itself(self):
        cell = self.run_cell("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*x*' }) })")
        self.assertEqual(cell.all("execute_result")[0]["data"], {"text/markdown": "*x*"})

    def test_key_is_the_same_when_a_cell_runs_again(self):
        first, again, other = (self.run_cell(f"{self.code} cell.key{end}").result for end in ("", "", " + ''"))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)


class Requests(KernelCase):
    def ask(self, msg_type, content, channel="shell"):
        message = self.client.session.msg(msg_type, content)
        getattr(self.client, f"{channel}_channel").send(message)
        get = self.client.get_control_msg if channel == "control" else self.client.get_shell_msg
        while True:
            reply = get(timeout=10)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return reply

    def test_kernel_info_on_both_channels(self):
        for channel in ("shell", "control"):
            content = self.ask("kernel_info_request", {}, channel)["content"]
            self.assertEqual(content["status"], "ok")
            self.assertEqual(content["language_info"]["name"], "typescript")

    def test_unknown_request_is_answered(self):
        reply = self.ask("nonsense_request", {}, "control")
        self.assertEqual((reply["header"]["msg_type"], reply["content"]["status"]), ("nonsense_reply", "error"))

    def test_comms_are_declined(self):
        self.assertEqual(self.ask("comm_info_request", {})["content"], {"status": "ok", "comms": {}})
        message = self.client.session.msg("comm_open", {"comm_id": "c1", "target_name": "t", "data": {}})
        self.client.shell_channel.send(message)
        while True:
            published = self.client.get_iopub_msg(timeout=5)
            if published["header"]["msg_type"] == "comm_close":
                break
        self.assertEqual(published["content"]["comm_id"], "c1")

    def test_cursor_counts_code_points(self):
        self.run_cell("const fox = { tail: 1 }")
        code = "/* 🦊🦊 */ fox.ta"
        content = self.ask("complete_request", {"code": code, "cursor_pos": len(code)})["content"]
        self.assertEqual(content["matches"], ["tail"])
        self.assertEqual((content["cursor_start"], content["cursor_end"]), (len(code) - 2, len(code)))

    def test_history(self):
        self.run_cell("'first of history'")
        self.run_cell("'second of history'")
        ask = lambda **content: self.ask("history_request", {"output": False, "raw": True, **content})["content"]["history"]
        self.assertEqual([line[2] for line in ask(hist_access_type="tail", n=2)], ["'first of history'", "'second of history'"])
        found = ask(hist_access_type="search", pattern="*second of*", n=5)
        self.assertEqual([line[2] for line in found], ["'second of history'"])
        number = found[0][1]
        self.assertEqual(len(ask(hist_access_type="range", session=0, start=number, stop=number + 1)), 1)
        self.assertEqual(ask(hist_access_type="range", session=7, start=0, stop=99), [])
        with_output = ask(hist_access_type="tail", n=1, output=True)
        self.assertEqual(with_output[0][2], ["'second of history'", "'second of history'"])

    def test_every_new_subscriber_is_welcomed(self):
        import zmq
        from jupyter_client.session import Session

        session = Session(key=self.manager.session.key)
        for topic in (b"", b"kernel.", b""):
            with zmq.Context.instance().socket(zmq.SUB) as socket:
                socket.subscribe(topic)
                socket.connect(f"tcp://127.0.0.1:{self.manager.iopub_port}")
                # What was under way when it came may be before it.
                for _ in range(5):
                    self.assertTrue(socket.poll(5000), "no iopub_welcome")
                    _, frames = session.feed_identities(socket.recv_multipart())
                    message = session.deserialize(frames)
                    if message["header"]["msg_type"] == "iopub_welcome":
                        break
                self.assertEqual((message["header"]["msg_type"], message["content"]), ("iopub_welcome", {"subscription": topic.decode()}))

    def test_unsigned_and_malformed_frames_are_dropped(self):
        import zmq

        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.connect(f"tcp://127.0.0.1:{self.manager.shell_port}")
        for frames in ([b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"bad", b"{}", b"{}", b"{}", b"{}"], [b"\xff" * 100] * 9):
            socket.send_multipart(frames)
        unsigned = [b'{"msg_id":"1","msg_type":"execute_request","session":"s"}', b"{}", b"{}", b'{"code":"globalThis.bad = 1"}']
        socket.send_multipart([b"<IDS|MSG>", b"0" * 64, *unsigned])
        time.sleep(0.3)
        self.assertEqual(self.run_cell("String((globalThis as any).bad)").result, "'undefined'")
        self.assertEqual(socket.poll(100), 0)
        socket.close()


if __name__ == "__main__":
    unittest.main()
