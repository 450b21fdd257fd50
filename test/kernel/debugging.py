"""The debug requests that JupyterLab sends, against the kernel. Run by session.test.ts with JUPYTER_PATH set."""
import queue
import time
import unittest

from kernel_case import TIMEOUT, KernelCase


class Debug(KernelCase):
    sequence = 0

    def debug(self, command, **arguments):
        Debug.sequence += 1
        message = self.client.session.msg("debug_request", {"type": "request", "seq": self.sequence, "command": command, "arguments": arguments})
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                content = reply["content"]
                self.assertEqual((content["type"], content["request_seq"], content["command"]), ("response", self.sequence, command))
                return content

    def body(self, command, **arguments):
        content = self.debug(command, **arguments)
        self.assertTrue(content["success"], content.get("message"))
        return content["body"]

    def event(self, name, timeout=TIMEOUT):
        deadline = time.time() + timeout
        while time.time() < deadline:
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.time()))
            if message["header"]["msg_type"] == "debug_event" and message["content"]["event"] == name:
                return message["content"]["body"] if "body" in message["content"] else {}
        self.fail(f"no {name}")

    def setUp(self):
        self.body("initialize", clientID="test", linesStartAt1=True, columnsStartAt1=True)
        self.event("initialized")
        self.body("attach")

    def tearDown(self):
        self.body("disconnect")

    def breakpoints(self, code, *lines, **more):
        path = self.body("dumpCell", code=code)["sourcePath"]
        self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": line, **more} for line in lines])
        self.body("configurationDone")
        return path

    def stopped_at(self, path, line, reason="breakpoint"):
        self.assertEqual(self.event("stopped")["reason"], reason)
        frames = self.body("stackTrace", threadId=1)["stackFrames"]
        self.assertEqual((frames[0]["source"]["path"], frames[0]["line"]), (path, line), frames)
        return frames

    def variables(self, frame):
        """Variables by scope and name."""
        scopes = self.body("scopes", frameId=frame["id"])["scopes"]
        return {scope["name"]: {v["name"]: v for v in self.body("variables", variablesReference=scope["variablesReference"])["variables"]} for scope in scopes}

    def test_kernel_info_says_so(self):
        self.client.kernel_info()
        self.assertIn("debugger", self.client.get_shell_msg(timeout=TIMEOUT)["content"]["supported_features"])
        info = self.body("debugInfo")
        self.assertEqual((info["isStarted"], info["hashMethod"], info["stoppedThreads"]), (True, "Murmur2", []))

    def test_name_of_a_cell_is_the_hash_that_front_ends_compute(self):
        info = self.body("debugInfo")
        path = self.body("dumpCell", code="let x = 1;")["sourcePath"]
        self.assertTrue(path.startswith(info["tmpFilePrefix"]) and path.endswith(info["tmpFileSuffix"]))
        self.assertEqual(self.body("source", source={"path": path})["content"], "let x = 1;")

    def test_breakpoint_stack_variables_and_steps(self):
        code = "interface Row { a: number }\nfunction add(row: Row, more: number): number {\n  let sum = row.a + more;\n  Math.sqrt(more);\n  return sum;\n}\nlet total = 0;\nfor (const a of [1, 2]) {\n  total += add({ a }, 10);\n}\ntotal"
        path = self.breakpoints(code, 3)
        msg_id = self.send(code)
        frames = self.stopped_at(path, 3)
        self.assertEqual([(f["name"], f["line"]) for f in frames[:2]], [("add", 3), ("(cell)", 9)])
        self.assertEqual(self.body("debugInfo")["stoppedThreads"], [1])
        scopes = self.variables(frames[0])
        self.assertEqual({n: v["value"] for n, v in scopes["Local"].items()}, {"row": "Object", "more": "10", "sum": "undefined"})
        self.assertEqual(scopes["Cells"]["total"]["value"], "0")
        inside = self.body("variables", variablesReference=scopes["Local"]["row"]["variablesReference"])["variables"]
        self.assertEqual([(v["name"], v["value"], v["type"]) for v in inside], [("a", "1", "int")])
        self.body("next", threadId=1)
        self.event("continued")
        frames = self.stopped_at(path, 4, "step")
        self.assertEqual(self.variables(frames[0])["Local"]["sum"]["value"], "11")
        self.assertEqual(self.body("evaluate", expression="sum + row.a + total as number", frameId=frames[0]["id"])["result"], "12")
        self.assertIn("nothing is not defined", self.debug("evaluate", expression="nothing", frameId=1)["message"])
        self.assertIn("evaluate:", self.debug("evaluate", expression="sum +", frameId=1)["message"])
        local = next(s for s in self.body("scopes", frameId=1)["scopes"] if s["name"] == "Local")
        self.assertEqual(self.body("setVariable", variablesReference=local["variablesReference"], name="sum", value="sum * 100")["value"], "1100")
        self.assertIn("constant", self.debug("setVariable", variablesReference=local["variablesReference"], name="more", value="(() => { throw new Error('constant') })()")["message"])
        self.assertEqual(self.body("richInspectVariables", variableName="row", frameId=1)["data"]["text/plain"], "{ a: 1 }")
        self.body("copyToGlobals", srcVariableName="row", dstVariableName="copied", srcFrameId=1)
        self.body("stepOut", threadId=1)
        self.stopped_at(path, 8, "step")  # the call was the last of its line
        self.body("continue", threadId=1)
        self.stopped_at(path, 3)
        self.body("setBreakpoints", source={"path": path}, breakpoints=[])
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "1112")
        self.assertEqual(self.run_cell("copied.a").result, "1")

    def test_values_that_were_assigned_while_stopped_are_on_show(self):
        code = "function changed(n: number) {\n  const outer = () => n;\n  {\n    let n = 'inner';\n    n.length;\n    let later = 1;\n    return [n, outer(), later];\n  }\n}\nchanged(1)"
        path = self.breakpoints(code, 5)
        msg_id = self.send(code)
        frame = self.stopped_at(path, 5)[0]
        self.body("evaluate", expression="n = 'other'", frameId=frame["id"])
        scopes = {s["name"]: s["variablesReference"] for s in self.body("scopes", frameId=frame["id"])["scopes"]}
        shown = self.variables(frame)
        self.assertEqual(shown["Block"]["n"]["value"], '"other"')
        self.assertEqual(shown["Local"]["n"]["value"], "1")  # hidden by the other
        self.body("setVariable", variablesReference=scopes["Block"], name="n", value="['last']")
        inside = self.variables(frame)["Block"]["n"]
        self.assertEqual((inside["value"], inside["evaluateName"]), ("Array(1)", "n"))
        self.assertEqual(self.body("variables", variablesReference=inside["variablesReference"])["variables"][0]["value"], '"last"')
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "[ [ 'last' ], 1, 1 ]")

    def test_one_step_over_an_await(self):
        code = "const waits = async () => {\n  const one = await Promise.resolve(1);\n  return one + 1;\n};\nconst two = await waits();\ntwo"
        path = self.breakpoints(code, 2)
        msg_id = self.send(code)
        self.stopped_at(path, 2)
        self.body("next", threadId=1)
        self.stopped_at(path, 3, "step")
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "2")

    def test_step_into_a_function_and_over_await(self):
        code = "const wait = async (ms: number) => {\n  await new Promise((done) => setTimeout(done, ms));\n  return ms;\n};\nconst first = await wait(5);\nconst second = first + 1;\nsecond"
        path = self.breakpoints(code, 5)
        msg_id = self.send(code)
        self.stopped_at(path, 5)
        self.body("stepIn", threadId=1)
        self.stopped_at(path, 2, "step")
        self.body("stepOut", threadId=1)
        self.event("stopped")
        for _ in range(3):
            frames = self.body("stackTrace", threadId=1)["stackFrames"]
            if frames[0]["line"] == 6:
                break
            self.body("next", threadId=1)
            self.event("stopped")
        self.assertEqual(self.body("stackTrace", threadId=1)["stackFrames"][0]["line"], 6)
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "6")

    def test_lines_without_code_pass_the_breakpoint_on(self):
        code = "// a comment\n\nlet moved = 1;\nmoved++;"
        path = self.breakpoints(code, 1)
        msg_id = self.send(code)
        self.stopped_at(path, 3)
        self.body("continue", threadId=1)
        self.finish(msg_id)
        bound = self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2}])["breakpoints"]
        self.assertEqual([b["line"] for b in bound], [3])

    def test_a_last_line_that_is_a_literal(self):
        for last, result in (("({ one })", "{ one: 1 }"), ("[\n  one,\n]", "[ 1 ]"), ("'text'", "'text'")):
            code = f"const one = 1;\n{last}"
            path = self.breakpoints(code, 2)
            msg_id = self.send(code)
            frames = self.stopped_at(path, 1 + len(last.split("\n")))
            self.assertEqual(self.variables(frames[0])["Cells"]["one"]["value"], "1")
            self.body("next", threadId=1)
            self.assertEqual(self.finish(msg_id).result, result)

    def test_lines_that_pass_theirs_on_to_the_same_place(self):
        code = "// one\n// two\nlet same = 1;\nsame++;"
        path = self.breakpoints(code, 1, 2)
        msg_id = self.send(code)
        self.stopped_at(path, 3)
        bound = self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 1}, {"line": 2}, {"line": 9}, {"line": 3, "condition": "1 +"}])["breakpoints"]
        self.assertEqual([(b["line"], b["verified"]) for b in bound], [(3, True), (3, True), (9, False), (3, False)])
        self.assertEqual(len({b["id"] for b in bound}), 4)
        self.assertIn("Expression expected", bound[3]["message"])
        self.body("continue", threadId=1)
        self.finish(msg_id)

    def test_statement_debugger_and_members_by_name(self):
        code = "const nest = { 'a b': [{ c: 1 }] };\ndebugger;\nnest"
        path = self.breakpoints(code)
        msg_id = self.send(code)
        frames = self.stopped_at(path, 2)
        variable = self.variables(frames[0])["Cells"]["nest"]
        names = []
        while variable["variablesReference"]:
            variable = self.body("variables", variablesReference=variable["variablesReference"])["variables"][0]
            names.append(variable["evaluateName"])
        self.assertEqual(names[-1], 'nest["a b"][0].c')
        self.assertEqual(self.body("evaluate", expression=names[-1], frameId=1)["result"], "1")
        self.body("continue", threadId=1)
        self.finish(msg_id)

    def test_names_that_cannot_be_variables(self):
        for name in ("a b", "class", "x; let y", "await"):
            self.assertIn("dstVariableName", self.debug("copyToGlobals", srcVariableName="1", dstVariableName=name)["message"])
        self.assertEqual(self.run_cell("'still checked'").result, "'still checked'")

    def test_conditions_and_log_points(self):
        code = "for (let turn = 0; turn < 5; turn++) {\n  Math.sqrt(turn);\n}"
        path = self.breakpoints(code, 2, condition="turn === 3")
        msg_id = self.send(code)
        frames = self.stopped_at(path, 2)
        self.assertEqual(self.body("evaluate", expression="turn", frameId=frames[0]["id"])["result"], "3")
        self.body("continue", threadId=1)
        self.finish(msg_id)
        self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2, "logMessage": "turn {turn}!"}])
        cell = self.run_cell(code)
        self.assertEqual(cell.text(), "".join(f"turn {i}!\n" for i in range(5)))

    def log(self, code, line, message, **more):
        """What a cell prints with a log point at a line."""
        self.breakpoints(code, line, logMessage=message, **more)
        return self.run_cell(code)

    def test_a_log_point_prints_the_errors_of_its_parts(self):
        code = "for (const it of ['a', 'b']) {\n  it.length;\n}"
        cell = self.log(code, 2, "at {it}, {(it as any).foo.bar}, {nope}, {Symbol('s')}.")
        parts = "<TypeError: Cannot read properties of undefined (reading 'bar')>, <ReferenceError: nope is not defined>, Symbol(s)."
        self.assertEqual(cell.text(), f"at a, {parts}\nat b, {parts}\n")

    def test_a_log_point_with_braces_within_braces(self):
        code = "for (const turn of [1]) {\n  Math.sqrt(turn);\n}"
        self.assertEqual(self.log(code, 2, "{[1, 2].map((i) => { return i + turn; })} and {({ turn }).turn}").text(), "2,3 and 1\n")
        self.assertEqual(self.log(code, 2, "it's {turn + '}'} {`{${turn}`} {} } {turn").text(), "it's 1} {1 {} } {turn\n")

    def test_a_condition_that_throws_is_told_of_once(self):
        code = "for (const turn of [1, 2, 3]) {\n  Math.sqrt(turn);\n}"
        self.breakpoints(code, 2, condition="turn > nope.most")
        cell = self.run_cell(code)
        self.assertEqual((cell.reply["status"], cell.text("stderr")), ("ok", "The condition of the breakpoint in line 2, turn > nope.most, throws ReferenceError: nope is not defined\n"))
        cell = self.log(code, 2, "{turn}", condition="turn > 2 || nope")
        self.assertEqual((cell.text(), cell.text("stderr").count("nope is not defined")), ("3\n", 1))

    def test_exceptions(self):
        self.body("setExceptionBreakpoints", filters=["all"])
        code = "function risky(): never {\n  throw new RangeError('out');\n}\ntry {\n  risky();\n} catch {}\n7"
        path = self.breakpoints(code)
        msg_id = self.send(code)
        self.stopped_at(path, 2, "exception")
        self.assertEqual(self.body("exceptionInfo", threadId=1)["description"], "RangeError: out")
        self.body("setExceptionBreakpoints", filters=[])
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "7")

    def test_breakpoint_in_a_local_file(self):
        with open("debugged.ts", "w") as file:
            file.write("export type Unused = 1;\nexport function half(n: number): number {\n  return n / 2;\n}\n")
        import os
        path = os.path.realpath("debugged.ts")
        self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 3}])
        msg_id = self.send("import { half } from './debugged';\nhalf(8)")
        self.stopped_at(path, 3)
        self.assertIn(path, [m["path"] for m in self.body("modules")["modules"]])
        self.assertIn("return n / 2", self.body("source", source={"path": path})["content"])
        self.assertFalse(self.debug("source", source={"path": "/etc/hostname"})["success"])
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "4")
        self.run_cell("process.exit(1)")
        msg_id = self.send("import { half } from './debugged';\nhalf(8)")
        self.stopped_at(path, 3)
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "4")

    def test_breakpoint_in_a_local_file_that_is_edited(self):
        lines = "export function sum(n: number): number {\n  let m = n;\n  m += 1;\n  m += 2;\n  return m;\n}\n"
        with open("edited.ts", "w") as file:
            file.write(lines)
        import os
        path = os.path.realpath("edited.ts")
        stops = lambda: self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 3}, {"line": 4}])
        stops()
        code = "import { sum } from './edited';\nsum(8)"
        msg_id = self.send("import { sum as former } from './edited';\nconst kept = former;\nkept(8)")
        for _ in range(3):
            for line in (3, 4):
                self.stopped_at(path, line)
                self.body("continue", threadId=1)
            self.assertEqual(self.finish(msg_id).result, "11")
            with open("edited.ts", "w") as file:
                file.write("export const top = 0;\n" + lines)
            msg_id = self.send(code)
        self.stopped_at(path, 3)
        self.body("setBreakpoints", source={"path": path}, breakpoints=[{"line": 6}])
        self.body("continue", threadId=1)
        self.stopped_at(path, 6)
        stops()
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "11")
        # Breakpoints are meant for the latest version; in a former one, steps still know their lines.
        self.assertEqual(self.run_cell("kept(8)").result, "11")
        cell = self.breakpoints("kept(9)", 1)
        msg_id = self.send("kept(9)")
        self.stopped_at(cell, 1)
        self.body("stepIn", threadId=1)
        self.stopped_at(path, 2, "step")
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "12")
        self.body("disconnect")
        self.setUp()
        stops()
        self.assertEqual(self.run_cell("kept(8)").result, "11")
        msg_id = self.send(code)
        self.stopped_at(path, 3)
        self.body("disconnect")
        self.assertEqual(self.finish(msg_id).result, "11")
        self.setUp()

    def test_variables_without_stopping(self):
        self.run_cell("const seen = { deep: [1, 2] };")
        variables = {v["name"]: v for v in self.body("inspectVariables")["variables"]}
        self.assertIn("seen", variables)
        self.assertEqual(self.body("richInspectVariables", variableName="seen.deep")["data"]["text/plain"], "[ 1, 2 ]")
        self.assertEqual(self.body("evaluate", expression="seen.deep.length")["result"], "2")

    def test_interrupt_while_stopped(self):
        code = "let stuck = 1;\nstuck++;\nawait null;\nwhile (true) {}"
        path = self.breakpoints(code, 2)
        msg_id = self.send(code)
        self.stopped_at(path, 2)
        self.manager.interrupt_kernel()
        self.assertEqual(self.finish(msg_id).reply["ename"], "Interrupted")
        self.assertEqual(self.run_cell("stuck").result, "1")

    def test_other_requests_while_stopped(self):
        code = "let paused = 1;\npaused++;"
        path = self.breakpoints(code, 2)
        msg_id = self.send(code)
        self.stopped_at(path, 2)
        self.client.complete("paus", 4)
        reply = self.client.get_shell_msg(timeout=5)
        self.assertEqual(reply["content"]["matches"], ["paused"])
        self.body("continue", threadId=1)
        self.finish(msg_id)

    def test_goes_on_after_the_process_was_replaced(self):
        code = "let again = 1;\nagain++;\nagain"
        path = self.breakpoints(code, 2)
        self.run_cell("process.exit(1)")
        msg_id = self.send(code)
        self.stopped_at(path, 2)
        self.body("continue", threadId=1)
        self.assertEqual(self.finish(msg_id).result, "2")

    def test_unknown_commands(self):
        content = self.debug("flyToTheMoon")
        self.assertEqual((content["success"], content["message"]), (False, "the debugger does not know flyToTheMoon"))

    def test_a_disconnect_lets_the_program_go_on(self):
        code = "let left = 1;\nleft++;\nleft"
        path = self.breakpoints(code, 2)
        msg_id = self.send(code)
        self.stopped_at(path, 2)
        self.body("disconnect")
        self.assertEqual(self.finish(msg_id).result, "2")
        self.assertEqual(self.run_cell(code).result, "2")

    def test_a_disconnect_as_the_cell_ends(self):
        code = "let last = 1;\nlast++;\nlast"
        for _ in range(20):
            path = self.breakpoints(code, 2)
            msg_id = self.send(code)
            self.stopped_at(path, 2)
            self.body("continue", threadId=1)
            self.assertEqual(self.finish(msg_id).result, "2")
            self.body("disconnect")
            self.setUp()

    def test_going_on_without_a_stop(self):
        for command in ("continue", "next", "stepIn", "stepOut"):
            content = self.debug(command, threadId=1)
            self.assertEqual((content["success"], content["message"]), (False, "the program is running; it has to stop at a breakpoint first"))


if __name__ == "__main__":
    unittest.main()
