"""One stock Jupyter client against the kernel: magics, modules, values, input, comms, subshells, history. Run by session.test.ts."""
import json
import os
import tempfile
import time
import unittest

from kernel_case import TIMEOUT, KernelCase


class Magics(KernelCase):
    def test_time_shows_value_and_time(self):
        cell = self.run_cell("%time 6 * 7")
        self.assertEqual(cell.result, "42")
        self.assertRegex(cell.text(), r"^CPU time: .* \(user .*, system .*\)\nWall time: [\d.]+ (ns|µs|ms)\n$")

    def test_time_as_a_comment_measures_the_rest(self):
        cell = self.run_cell("// %time\nconst slept = await new Promise<number>((done) => setTimeout(() => done(5), 60));\nslept")
        self.assertEqual(cell.result, "5")
        milliseconds = float(cell.text().split("Wall time: ")[1].split()[0])
        self.assertGreater(milliseconds, 55)

    def test_timeit_runs_often_and_shows_no_value(self):
        cell = self.run_cell("%timeit Math.sqrt(2)")
        self.assertIsNone(cell.result)
        self.assertRegex(cell.text(), r"^[\d.]+ ns ± [\d.]+ (ns|µs) per loop \(mean ± std. dev. of 7 runs, [\d,]+ loops each\)\n$")

    def test_timeit_of_a_cell_that_waits(self):
        cell = self.run_cell("%%timeit\nawait new Promise((done) => setTimeout(done, 30));")
        self.assertRegex(cell.text(), r"^3\d(\.\d+)? ms ± .* per loop .*runs, \d+ loops each\)\n$")

    def test_who_and_reset(self):
        self.run_cell("%reset")
        self.run_cell("const alpha = 1; let beta = ['x']; function gamma(n: number) { return n }")
        self.assertEqual(self.run_cell("%who").text(), "alpha  beta  gamma\n")
        (table,) = self.run_cell("// %whos").all("display_data")
        self.assertIn("alpha  1                      1", table["data"]["text/plain"])
        self.assertIn("(n: number) => number", table["data"]["text/plain"])
        self.assertIn("<td", table["data"]["text/html"])
        self.run_cell("%reset")
        self.assertEqual(self.run_cell("%who").text(), "There are no variables yet.\n")
        self.assertIn("TS2304", self.run_cell("alpha").reply["evalue"])

    def test_markup(self):
        for code, mime in (("%%html\n<b>x</b>", "text/html"), ("%%markdown\n*x*", "text/markdown"), ("// %%svg\n<svg/>", "image/svg+xml")):
            (shown,) = self.run_cell(code).all("display_data")
            self.assertEqual(shown["data"][mime], code.split("\n", 1)[1])

    def test_writefile_and_import_in_one_session(self):
        cell = self.run_cell("%%writefile written.ts\nexport const written: string = 'yes';")
        self.assertEqual(cell.text(), "Wrote written.ts\n")
        self.assertEqual(self.run_cell("import { written } from './written.ts'; written").result, "'yes'")
        self.assertEqual(self.run_cell("%%writefile -a written.ts\nexport const more = 2;").text(), "Appended to written.ts\n")
        self.assertEqual(self.run_cell("import { more } from './written.ts'; more").result, "2")

    def test_writefile_stays_in_the_folder(self):
        outside = tempfile.mkdtemp()
        os.symlink(outside, "link-out")
        for path in ("../out.ts", f"{outside}/out.ts", "link-out/out.ts"):
            reply = self.run_cell(f"%%writefile {path}\n1").reply
            self.assertEqual(reply["ename"], "MagicError")
            self.assertIn("leads out of the notebook's folder", reply["evalue"])
        self.assertEqual(os.listdir(outside), [])
        self.run_cell(f"%%writefile --anywhere {outside}/out.ts\n1")
        self.assertEqual(open(f"{outside}/out.ts").read(), "1\n")

    def test_install_from_a_local_folder(self):
        os.makedirs("package/lib", exist_ok=True)
        with open("package/package.json", "w") as file:
            json.dump({"name": "local-package", "version": "1.0.0", "main": "lib/index.js", "types": "lib/index.d.ts"}, file)
        with open("package/lib/index.js", "w") as file:
            file.write("exports.double = (n) => 2 * n;")
        with open("package/lib/index.d.ts", "w") as file:
            file.write("export declare function double(n: number): number;")
        cell = self.run_cell("%install ./package\nimport { double } from 'local-package';\ndouble(4)", timeout=90)
        self.assertEqual(cell.result, "8", cell.text() + cell.text("stderr") + str(cell.reply))
        self.assertEqual(self.run_cell("double('x')").reply["ename"], "TypeScriptError")

    def test_install_refuses_what_is_no_package(self):
        for word in ("$(touch x)", ";rm", "a|b"):
            self.assertIn("must be a package", self.run_cell(f"%install {word}").reply["evalue"])

    def test_engine(self):
        self.assertRegex(self.run_cell("%engine wasm", timeout=60).text(), r"^wasm on .*\n$")
        self.assertIn("engine: name must be one of", self.run_cell("%engine abacus").reply["evalue"])
        (table,) = self.run_cell("%engine").all("display_data")
        self.assertIn("wasm", table["data"]["text/plain"])

    def test_list_and_unknown(self):
        self.assertIn("%install PACKAGE", self.run_cell("%lsmagic").text())
        reply = self.run_cell("%nonsense").reply
        self.assertEqual((reply["ename"], reply["evalue"]), ("MagicError", "%nonsense is no magic; %lsmagic lists those that there are"))
        self.assertEqual(self.run_cell("// %nonsense is a comment\n5").result, "5")

    def test_what_is_no_magic(self):
        self.assertEqual(self.run_cell("const total = 17; const rest = total\n  % 5;\nrest").result, "2")
        self.assertEqual(self.run_cell("`\n%time\n`").result, "'\\n%time\\n'")
        self.assertEqual(self.run_cell("/*\n%who\n*/ 4").result, "4")

    def test_everything_is_checked_before_anything_runs(self):
        cell = self.run_cell("console.log('ran');\n%time 1\nconst text: string = 5;")
        self.assertIn("line 3, column 7", cell.reply["evalue"])
        self.assertEqual(cell.text(), "")

    def test_errors_name_the_line_of_the_cell(self):
        cell = self.run_cell("%time 1\n\n  throw new Error('here');")
        self.assertIn("line 3, column 9", "\n".join(cell.all("error")[0]["traceback"]))

    def test_the_pager(self):
        self.run_cell("/** Doubles. */\nfunction twice(n: number) {\n  return 2 * n;\n}")
        (page,) = self.run_cell("twice?").reply["payload"]
        self.assertEqual(page["source"], "page")
        self.assertEqual(page["data"]["text/plain"], "function twice(n: number): number\n\nDoubles.")
        (page,) = self.run_cell("twice??").reply["payload"]
        self.assertIn("Source:\nfunction twice(n: number) {\n  return 2 * n;\n}", page["data"]["text/plain"])
        self.assertIn("nothing is known about nowhere", self.run_cell("nowhere?").reply["evalue"])

    def test_interrupt_of_an_install(self):
        msg_id = self.send("console.log('started')\n%install --loglevel=silly no-such-package-at-all --fetch-retries=10 --registry=http://127.0.0.1:9")
        self.wait_for_text("started")
        time.sleep(0.5)
        self.manager.interrupt_kernel()
        self.assertIn("interrupted", self.finish(msg_id, 15).reply["evalue"])


class Modules(KernelCase):
    def write(self, name, text):
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w") as file:
            file.write(text)

    def test_changed_file_runs_again_at_once_with_its_importers(self):
        self.write("inner.ts", "export const base: number = 1;\n")
        self.write("outer.ts", "import { base } from './inner.ts';\nexport const sum = () => base + 1;\n")
        code = "import { sum } from './outer.ts'; sum()"
        self.assertEqual(self.run_cell(code).result, "2")
        self.write("inner.ts", "export const base: number = 10;\n")
        self.assertEqual(self.run_cell(code).result, "11")

    def test_kinds_of_local_files(self):
        self.write("view.tsx", "export const view = (name: string) => <b>{name}</b>;\n")
        self.write("module.mts", "export const fromModule = 1;\n")
        self.write("plain.js", "export const fromJs = 2;\n")
        self.write("native.mjs", "export const fromMjs = await Promise.resolve(3);\n")
        self.write("folder/index.ts", "export const fromFolder = import.meta.url;\n")
        self.write("waits.ts", "export const waited: number = await Promise.resolve(4);\n")
        cell = self.run_cell(
            "import { view } from './view';\nimport { fromModule } from './module.mjs';\nimport { fromJs } from './plain.js';\n"
            "import { fromFolder } from './folder';\nimport { waited } from './waits';\n"
            "// @ts-ignore\nimport { fromMjs } from './native.mjs';\n"
            "[view('x').type, fromModule, fromJs, fromMjs, waited, fromFolder.endsWith('/folder/index.ts')]"
        )
        self.assertEqual(cell.result, "[ 'b', 1, 2, 3, 4, true ]", cell.all("error"))

    def test_files_that_import_each_other(self):
        self.write("ping.ts", "import { pong } from './pong.ts';\nexport const ping = (n: number): number => (n === 0 ? 0 : pong(n - 1));\n")
        self.write("pong.ts", "import { ping } from './ping.ts';\nexport const pong = (n: number): number => (n === 0 ? 1 : ping(n - 1));\n")
        self.assertEqual(self.run_cell("import { ping } from './ping.ts'; ping(5)").result, "1")

    def package(self, name, files, **fields):
        self.write(f"node_modules/{name}/package.json", json.dumps({"name": name, "version": "1.0.0", **fields}))
        for path, text in files.items():
            self.write(f"node_modules/{name}/{path}", text)

    def test_kinds_of_packages(self):
        self.package("cjs-only", {"index.js": "module.exports = function greet() { return 'cjs'; };", "index.d.ts": "declare function greet(): string;\nexport = greet;"})
        self.package("esm-only", {"index.mjs": "export default 'esm'; export const named = 1;", "index.d.mts": "declare const it: string;\nexport default it;\nexport declare const named: number;"}, exports={"import": {"types": "./index.d.mts", "default": "./index.mjs"}})
        self.package("esm-waits", {"index.mjs": "export default await Promise.resolve('waited');", "index.d.mts": "declare const it: string;\nexport default it;"}, exports={".": {"types": "./index.d.mts", "default": "./index.mjs"}})
        cell = self.run_cell("import greet from 'cjs-only';\nimport esm, { named } from 'esm-only';\nimport waited from 'esm-waits';\n[greet(), esm, named, waited]")
        self.assertEqual(cell.result, "[ 'cjs', 'esm', 1, 'waited' ]", cell.all("error"))
        cell = self.run_cell("const all = await import('esm-waits'); [all.default, (await import('cjs-only')).default()]")
        self.assertEqual(cell.result, "[ 'waited', 'cjs' ]", cell.all("error"))

    def test_a_package_that_fails_says_where(self):
        self.package("fails", {"index.js": "throw new TypeError('broken inside');", "index.d.ts": "export const x: number;"})
        cell = self.run_cell("import { x } from 'fails';\nx")
        self.assertEqual((cell.reply["ename"], cell.reply["evalue"]), ("TypeError", "broken inside"))

    def test_error_in_a_local_file_at_its_own_line(self):
        self.write("thrower.ts", "interface Gone { a: number }\n\nexport function thrower(given: Gone): never {\n  throw new RangeError(`a is ${given.a}`);\n}\n")
        cell = self.run_cell("import { thrower } from './thrower';\n\nthrower({ a: 1 });")
        text = "\n".join(cell.all("error")[0]["traceback"])
        self.assertIn("at thrower.ts, line 4, column 9, in thrower", text)
        self.assertIn("at cell", text)
        self.assertIn("line 3, column 8", text)

    def test_logged_errors_have_the_lines_of_the_cell(self):
        cell = self.run_cell("type Unused = { a: 1 };\ntry {\n  throw new Error('caught');\n} catch (error) {\n  console.log((error as Error).stack);\n}")
        self.assertRegex(cell.text(), r"^Error: caught\n    at .*/cell-\d+\.ts:3:9\n$")

    def test_using_ends_with_the_cell(self):
        self.run_cell("class Handle { constructor(readonly name: string) {} [Symbol.dispose]() { console.log(`closed ${this.name}`) } }")
        cell = self.run_cell("using a = new Handle('a'), b = new Handle('b');\nconsole.log(a.name);\nb.name")
        self.assertEqual((cell.text(), cell.result), ("a\nclosed b\nclosed a\n", "'b'"))
        cell = self.run_cell("using c = new Handle('c');\nthrow new Error('early');")
        self.assertEqual((cell.text(), cell.reply["evalue"]), ("closed c\n", "early"))
        self.assertIn("must have a method [Symbol.dispose]()", self.run_cell("using d = {} as any;").reply["evalue"])

    def test_tslab_and_kontrast(self):
        cell = self.run_cell("import * as tslab from 'tslab';\ntslab.display.html('<i>x</i>');\nconst place = tslab.newDisplay();\nplace.text('one');\nplace.text('two');", timeout=60)
        kinds = [(kind, content["data"]) for kind, content in cell.messages if "display" in kind]
        self.assertEqual(kinds, [("display_data", {"text/html": "<i>x</i>"}), ("display_data", {"text/plain": "one"}), ("update_display_data", {"text/plain": "two"})])
        self.assertEqual(self.run_cell("tslab.versions.tslab").result, "'1.0.22'")


class Values(KernelCase):
    def data(self, code, **options):
        cell = self.run_cell(code, **options)
        self.assertTrue(cell.all("execute_result"), cell.all("error"))
        return cell.all("execute_result")[0]["data"]

    def test_jsx_is_shown_as_markup(self):
        data = self.data("const items = ['<a>', 'b'];\n<ul class=\"x\">{items.map((item) => <li>{item}</li>)}</ul>")
        self.assertEqual(data["text/html"], '<ul class="x"><li>&lt;a></li><li>b</li></ul>')
        data = self.data("<svg xmlns='http://www.w3.org/2000/svg' width={4}><circle r={2} /></svg>")
        self.assertIn("image/svg+xml", data)

    def test_collections(self):
        self.assertEqual(self.data("new Map([['a', { b: [1] }]])")["text/plain"], "Map(1) { 'a' => { b: [ 1 ] } }")
        self.assertEqual(self.data("new Float32Array([1, 0.5])")["text/plain"], "Float32Array(2) [ 1, 0.5 ]")
        self.assertEqual(self.data("class P { constructor(private x = 1) {} } new P()")["text/plain"], "P { x: 1 }")
        self.assertLess(len(self.data("Array.from({ length: 1e6 }, (_, i) => i)")["text/plain"]), 3000)
        self.assertIn("[Object]", self.data("({ a: { b: { c: { d: { e: { f: 1 } } } } } })")["text/plain"])
        self.assertIn("<td", self.data("[{ a: 1, b: '<' }, { a: 2, b: 'y' }]")["text/html"])

    def test_no_colours_unless_asked_for(self):
        self.assertEqual(self.data("({ a: 1 })")["text/plain"], "{ a: 1 }")
        self.run_cell("process.env.FORCE_COLOR = '1'")
        self.assertIn("\x1b[33m1\x1b[39m", self.data("({ a: 1 })")["text/plain"])
        self.run_cell("delete process.env.FORCE_COLOR")

    def test_images(self):
        png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        self.assertEqual(self.data(f"Buffer.from('{png}', 'base64')")["image/png"], png)
        svg = "<svg xmlns='http://www.w3.org/2000/svg'/>"
        self.assertEqual(self.data(f"Buffer.from(\"{svg}\")")["image/svg+xml"], svg)
        with open("dot.png", "wb") as file:
            import base64
            file.write(base64.b64decode(png))
        cell = self.run_cell("import { image } from 'kontrast';\nawait image('dot.png', { width: 40 })", timeout=60)
        (result,) = cell.all("execute_result")
        self.assertEqual((result["data"]["image/png"], result["metadata"]), (png, {"image/png": {"width": 40}}))
        self.assertIn("leads out of the notebook's folder", self.run_cell("await image('/etc/hostname')").reply["evalue"])
        self.assertIn("must be a PNG, JPEG", self.run_cell("await image('/etc/hostname', { anywhere: true })").reply["evalue"])
        self.assertIn("fetch it", self.run_cell("await image('https://example.org/a.png')").reply["evalue"])

    def test_tensors(self):
        self.run_cell("import { engine, tf } from 'kontrast';\nawait engine.use('wasm');", timeout=60)
        self.assertEqual(self.data("tf.tensor([[1, 2], [3, 4]])")["text/plain"], "Tensor [2, 2] float32\n[ [ 1, 2 ], [ 3, 4 ] ]")
        data = self.data("import { image } from 'kontrast';\nawait image(tf.zeros([3, 8, 8, 3]))")
        self.assertTrue(data["image/png"].startswith("iVBOR"))
        self.assertEqual(data["text/plain"], "<3 of 3 images, 8 × 8 × 3>")

    def test_foreign_conventions(self):
        chart = self.data("({ toSpec: () => ({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' }) })")
        self.assertEqual(chart["application/vnd.vegalite.v6+json"]["mark"], "bar")
        self.assertEqual(self.data("({ outerHTML: '<p>hi</p>' })")["text/html"], "<p>hi</p>")


class Training(KernelCase):
    def test_completion_hover_and_interrupt_while_a_cell_trains(self):
        cell = self.run_cell(
            "import { engine, fit, methods, shapes, smallResNet } from 'kontrast';\nawait engine.use();\n"
            "const train = shapes({ count: 256, seed: 0 });\n"
            "const method = methods.simclr({ encoder: smallResNet({ imageShape: train.imageShape, seed: 0 }) });", timeout=90)
        self.assertEqual(cell.reply["status"], "ok", cell.reply)
        msg_id = self.send(
            "const run = await fit(method, train, { epochs: 10000, batchSize: 32, runFolder: 'run-to-stop', replaceRun: true });\n"
            "console.log(`saved ${run.history.length > 0}`);\nrun.interrupted")
        while True:
            message = self.client.get_iopub_msg(timeout=90)
            text = str(message["content"].get("data", {}).get("text/plain", ""))
            if "left" in text and not text.endswith("0/"):
                break
        for ask, code in ((self.client.complete, "train.imageS"), (self.client.inspect, "method")):
            begin = time.time()
            ask(code, len(code))
            reply = self.client.get_shell_msg(timeout=10)["content"]
            self.assertLess(time.time() - begin, 5)
            self.assertTrue(reply.get("matches") == ["imageShape"] or "Method" in reply["data"]["text/plain"], reply)
        begin = time.time()
        self.manager.interrupt_kernel()
        cell = self.finish(msg_id, 60)
        self.assertEqual((cell.text(), cell.result, cell.reply["ename"]), ("saved true\n", "true", "Interrupted"))
        self.assertTrue(os.path.exists("run-to-stop/summary.json"))
        self.assertEqual(self.run_cell("run.interrupted").result, "true")


class Input(KernelCase):
    def answer(self, code, value, timeout=TIMEOUT):
        msg_id = self.send(code, allow_stdin=True)
        question = self.client.get_stdin_msg(timeout=timeout)
        self.assertEqual(question["parent_header"]["msg_id"], msg_id)
        self.client.input(value)
        return question["content"], self.finish(msg_id)

    def test_input_and_password(self):
        self.run_cell("import { input, password } from 'kontrast'", timeout=60)
        asked, cell = self.answer("`hello ${await input('Name? ')}`", "Åsa")
        self.assertEqual((asked, cell.result), ({"prompt": "Name? ", "password": False}, "'hello Åsa'"))
        asked, cell = self.answer("(await password('Secret: ')).length", "1234")
        self.assertEqual((asked, cell.result), ({"prompt": "Secret: ", "password": True}, "4"))

    def test_what_was_printed_before_comes_before(self):
        self.run_cell("import { input } from 'kontrast'", timeout=60)
        msg_id = self.send("console.log('first'); await input()", allow_stdin=True)
        self.client.get_stdin_msg(timeout=TIMEOUT)
        self.wait_for_text("first", 1)
        self.client.input("")
        self.finish(msg_id)

    def test_a_front_end_that_cannot_answer(self):
        self.run_cell("import { input } from 'kontrast'", timeout=60)
        cell = self.run_cell("await input('Name? ')", allow_stdin=False)
        self.assertIn("does not answer questions", cell.reply["evalue"])

    def test_interrupt_ends_the_question_and_a_late_answer_harms_nobody(self):
        self.run_cell("import { input } from 'kontrast'", timeout=60)
        msg_id = self.send("await input('Name? ')", allow_stdin=True)
        self.client.get_stdin_msg(timeout=TIMEOUT)
        self.manager.interrupt_kernel()
        self.assertEqual(self.finish(msg_id).reply["ename"], "Interrupted")
        self.client.input("too late")
        asked, cell = self.answer("await input('Again? ')", "now")
        self.assertEqual(cell.result, "'now'")


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


class Comms(CommCase):
    def test_unknown_targets_are_closed(self):
        comm_id = self.open_comm("nobody", {})
        self.assertEqual(self.next("comm_close")["content"]["comm_id"], comm_id)
        self.assertNotIn(comm_id, self.ask("comm_info_request", {})["comms"])

    def test_the_front_end_opens_one(self):
        self.run_cell(
            "import { onComm } from 'kontrast';\n"
            "onComm('echo', (comm, data) => {\n"
            "  comm.send({ opened: data.x });\n"
            "  comm.onMessage((message, { buffers }) => comm.send({ got: message, bytes: buffers.map((b) => [...b]) }, { buffers: [new Uint8Array([9, 8])] }));\n"
            "  comm.onClose(() => console.log('closed by the front end'));\n"
            "});", timeout=60)
        comm_id = self.open_comm("echo", {"x": 1})
        self.assertEqual(self.next("comm_msg")["content"], {"comm_id": comm_id, "data": {"opened": 1}})
        self.assertEqual(self.ask("comm_info_request", {"target_name": "echo"})["comms"], {comm_id: {"target_name": "echo"}})
        self.assertEqual(self.ask("comm_info_request", {"target_name": "other"})["comms"], {})
        self.send_comm(comm_id, {"y": 2}, buffers=[b"\x01\x02", b""])
        answer = self.next("comm_msg")
        self.assertEqual(answer["content"]["data"], {"got": {"y": 2}, "bytes": [[1, 2], []]})
        self.assertEqual([bytes(b) for b in answer["buffers"]], [b"\x09\x08"])
        self.send_comm(comm_id, {}, "comm_close")
        self.assertIn("closed by the front end", self.next("stream")["content"]["text"])
        self.assertNotIn(comm_id, self.ask("comm_info_request", {})["comms"])

    def test_the_kernel_opens_one_and_is_served_while_a_cell_runs(self):
        msg_id = self.send(
            "import { openComm } from 'kontrast';\n"
            "const comm = openComm('front', { data: { hello: true }, metadata: { version: '1' } });\n"
            "const answer = await new Promise((done) => comm.onMessage((data) => done(data)));\n"
            "comm.close({ bye: 1 });\nanswer")
        opened = self.next("comm_open", timeout=60)
        self.assertEqual(opened["content"]["target_name"], "front")
        self.assertEqual((opened["content"]["data"], opened["metadata"]), ({"hello": True}, {"version": "1"}))
        self.send_comm(opened["content"]["comm_id"], {"answer": 42})
        cell = self.finish(msg_id)
        self.assertEqual(cell.result, "{ answer: 42 }")
        self.assertEqual(cell.all("comm_close")[0]["data"], {"bye": 1})

    def test_output_of_a_handler_goes_to_its_cell(self):
        first = self.run_cell("import { onComm } from 'kontrast';\nonComm('late', () => console.log('from the handler'));", timeout=60)
        parent = self.client.session.msg_id
        self.run_cell("'another cell'")
        self.open_comm("late", {})
        message = self.next("stream")
        self.assertEqual(message["content"]["text"], "from the handler\n")
        self.assertEqual(first.reply["status"], "ok")

    def test_a_crash_closes_them(self):
        self.run_cell("import { openComm } from 'kontrast';\nopenComm('front', {});", timeout=60)
        self.run_cell("process.exit(1)")
        self.assertEqual(self.ask("comm_info_request", {})["comms"], {})


class Widgets(CommCase):
    slider = (
        "import { widget } from 'kontrast';\n"
        "const slider = widget({ state: { value: 1, data: new Uint8Array([1, 2]) }, esm: 'export default { render({ model, el }) { el.textContent = model.get(\"value\") } }',"
        " fallback: ({ value }) => ({ 'text/html': `<b>${value}</b>`, 'text/plain': `slider ${value}` }) });\n"
    )

    def test_views_share_the_state(self):
        cell = self.run_cell(self.slider + "slider.on('change:value', (value) => console.log(`now ${value}`));\nslider", timeout=60, allow_stdin=True)
        (result,) = cell.all("execute_result")
        self.assertEqual(result["data"]["text/plain"], "slider 1")
        self.assertIn("<b>1</b></div>", result["data"]["text/html"])
        self.assertIn("showWidget({", result["data"]["text/html"])
        self.assertNotIn("application/vnd.jupyter.widget-view+json", result["data"])
        display_id = result["transient"]["display_id"]
        model = self.run_cell("slider.id").result.strip("'")
        views = [self.open_comm("kontrast.widget", {"id": model}) for _ in range(2)]
        for view in views:
            state = self.next("comm_msg")
            self.assertEqual((state["content"]["comm_id"], state["content"]["data"]["state"]), (view, {"value": 1}))
            self.assertEqual((state["content"]["data"]["buffer_paths"], [bytes(b) for b in state["buffers"]]), ([["data"]], [b"\x01\x02"]))
        self.send_comm(views[0], {"method": "update", "state": {"value": 5, "_view_count": 1}, "buffer_paths": []})
        seen = [self.next("comm_msg", "stream") for _ in range(2)]
        kinds = sorted((m["header"]["msg_type"], json.dumps(m["content"], sort_keys=True)) for m in seen)
        self.assertEqual(json.loads(kinds[0][1]), {"comm_id": views[1], "data": {"method": "update", "state": {"value": 5}, "buffer_paths": []}})
        self.assertEqual(json.loads(kinds[1][1])["text"], "now 5\n")
        self.assertEqual(self.run_cell("slider.get('value')").result, "5")
        cell = self.run_cell("slider.set({ value: 6 }); slider.set({ value: 7 });")
        self.assertEqual([m["data"]["state"] for m in cell.all("comm_msg")], [{"value": 7}, {"value": 7}])
        self.assertTrue(display_id)

    def test_without_views_the_output_is_replaced(self):
        cell = self.run_cell(self.slider + "slider", timeout=60, allow_stdin=False)
        self.assertEqual(cell.all("execute_result")[0]["data"]["text/plain"], "slider 1")
        cell = self.run_cell("import { display } from 'kontrast';\nawait display(slider);\nslider.set({ value: 3 });")
        self.assertEqual([c["data"]["text/plain"] for c in cell.all("display_data") + cell.all("update_display_data")], ["slider 1", "slider 3"])

    def test_a_view_of_a_widget_that_is_gone_is_told(self):
        comm_id = self.open_comm("kontrast.widget", {"id": "nothing"})
        self.assertEqual(self.next("comm_close")["content"]["comm_id"], comm_id)

    def test_progress(self):
        code = ("import { progress } from 'kontrast';\nconst bar = progress({ total: 100, label: 'Work' });\n"
                "for (let i = 1; i <= 100; i++) { bar.update(i, `step ${i}`); await new Promise((done) => setTimeout(done, 10)); }\nbar.finish();")
        cell = self.run_cell(code, timeout=60, allow_stdin=False)
        updates = [c["data"] for c in cell.all("update_display_data")]
        self.assertLess(len(updates), 10)
        self.assertRegex(updates[-1]["text/plain"], r"^Work: 100/100 .* took .* step 100$")
        self.assertNotIn("<script", updates[-1]["text/html"])


class WidgetManager(CommCase):
    slider = Widgets.slider

    def test_jupyters_manager(self):
        control = self.open_comm("jupyter.widget.control", {})
        cell = self.run_cell(self.slider + "slider", timeout=60, allow_stdin=True)
        (opened,) = cell.all("comm_open")
        self.assertEqual(opened["target_name"], "jupyter.widget")
        self.assertEqual(opened["data"]["state"]["_model_module"], "anywidget")
        (result,) = cell.all("execute_result")
        view = result["data"]["application/vnd.jupyter.widget-view+json"]
        self.assertEqual(view, {"version_major": 2, "version_minor": 1, "model_id": opened["comm_id"]})
        self.send_comm(control, {"method": "request_states"})
        states = self.next("comm_msg")
        self.assertEqual(states["content"]["data"]["states"][opened["comm_id"]]["model_name"], "AnyModel")
        self.assertEqual(states["content"]["data"]["buffer_paths"], [[opened["comm_id"], "data"]])
        self.send_comm(opened["comm_id"], {"method": "update", "state": {"value": 2}, "buffer_paths": []})
        self.send_comm(opened["comm_id"], {"method": "request_state"})
        self.assertEqual(self.next("comm_msg")["content"]["data"]["state"]["value"], 2)


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

    def test_an_error_aborts_its_own_queue_alone(self):
        shell = self.create()
        main = self.send("await new Promise((done) => setTimeout(done, 300)); 'main'")
        failing, behind = self.send_in(shell, "await null; throw new Error('sub')"), self.send_in(shell, "'never'")
        replies, _, _ = self.gather(main, failing, behind)
        self.assertEqual([replies[i]["status"] for i in (main, failing, behind)], ["ok", "error", "error"])
        self.assertEqual(replies[behind]["ename"], "Aborted")


class Late(KernelCase):
    """Late output goes to the cell that caused it, whatever runs meanwhile."""

    def check(self, code, text="late\n", setup=""):
        if setup:
            self.run_cell(setup)
        first = self.send(code)
        self.finish(first)
        self.run_cell("let other = 0; for (let i = 0; i < 30; i++) { other++; await new Promise((done) => setTimeout(done, 10)); }")
        # Everything of the second cell was read up to its idle; the late output came in between.
        return first

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

    def test_is_complete(self):
        for code, status in (("%time f(", "incomplete"), ("%%html\n<b>", "complete"), ("%who", "complete"), ("<div>", "incomplete"), ("<div></div>", "complete")):
            self.assertEqual(self.ask("is_complete_request", {"code": code})["status"], status, code)

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
