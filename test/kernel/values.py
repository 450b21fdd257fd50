"""One stock Jupyter client against the kernel: how values are shown, questions, training. Run by session.test.ts with JUPYTER_PATH set."""
import base64
import os
import queue
import time
import unittest

from kernel_case import TIMEOUT, KernelCase


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
            file.write(base64.b64decode(png))
        cell = self.run_cell("import { image } from 'kontrast';\nawait image('dot.png', { width: 40 })", timeout=60)
        (result,) = cell.all("execute_result")
        self.assertEqual((result["data"]["image/png"], result["metadata"]), (png, {"image/png": {"width": 40}}))
        self.assertIn("leads out of the notebook's folder", self.run_cell("await image('/etc/hostname')").reply["evalue"])
        self.assertIn("must be a PNG, JPEG", self.run_cell("await image('/etc/hostname', { anywhere: true })").reply["evalue"])
        self.assertIn("fetch it", self.run_cell("await image('https://example.org/a.png')").reply["evalue"])

    def kinds(self, cell):
        return [(kind, content.get("text") or content["data"]["text/plain"]) for kind, content in cell.messages if kind in ("stream", "display_data", "update_display_data")]

    def test_what_is_shown_comes_in_the_order_of_the_calls(self):
        cell = self.run_cell("import { display } from 'kontrast';\nimport * as tslab from 'tslab';\n"
            "display(1);\nconsole.log('two');\ntslab.display.text('three');\nconsole.log('four');", timeout=60)
        self.assertEqual(self.kinds(cell), [("display_data", "1"), ("stream", "two\n"), ("display_data", "three"), ("stream", "four\n")])

    def test_what_takes_time_keeps_its_place(self):
        cell = self.run_cell("import { display } from 'kontrast';\n"
            "display(new Promise((done) => setTimeout(() => done('slow'), 50)));\nconsole.log('after');", timeout=60)
        self.assertEqual(self.kinds(cell), [("display_data", ""), ("stream", "after\n"), ("update_display_data", "'slow'")])
        (place,), (drawn,) = cell.all("display_data"), cell.all("update_display_data")
        self.assertEqual(place["transient"], drawn["transient"])

    def test_tensors(self):
        self.run_cell("import { engine, tf } from 'kontrast';\nawait engine.use('wasm');", timeout=60)
        self.assertEqual(self.data("tf.tensor([[1, 2], [3, 4]])")["text/plain"], "Tensor [2, 2] float32\n[ [ 1, 2 ], [ 3, 4 ] ]")
        data = self.data("import { image } from 'kontrast';\nawait image(tf.zeros([3, 8, 8, 3]))")
        self.assertTrue(data["image/png"].startswith("iVBOR"))
        self.assertEqual(data["text/plain"], "<3 of 3 images, 8 × 8 × 3>")

    def test_foreign_conventions(self):
        chart = self.data("({ toSpec: () => ({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' }) })")
        self.assertEqual(chart["application/vnd.vegalite.v6+json"]["mark"], "bar")
        self.assertEqual(self.data("class Element { get outerHTML() { return '<p>hi</p>' } } new Element()")["text/html"], "<p>hi</p>")
        # Data that looks like an element is data.
        self.assertNotIn("text/html", self.data("JSON.parse('{\"outerHTML\": \"<script>1</script>\"}')"))
        self.assertNotIn("text/html", self.data("JSON.parse('{\"type\": \"b\", \"props\": {}, \"__k\": null, \"__v\": 1}')"))

    def test_values_that_fail_when_they_are_looked_at_do_not_end_the_cell(self):
        fail = "{ throw new Error('no look') }"
        for code in (
            "const circle: any = {}; circle.self = circle; ({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': circle }) })",
            f"({{ [Symbol.for('Jupyter.display')]() {fail} }})", f"({{ async [Symbol.for('Jupyter.display')]() {fail} }})",
            f"new Proxy({{}}, {{ get() {fail} }})", f"({{ get [Symbol.toStringTag](): string {fail} }})",
        ):
            for cell in (self.run_cell(code), self.run_cell(f"import {{ display }} from 'kontrast';\nconst odd = {code.split(';')[-1]};\nawait display(odd); 'shown'", timeout=60)):
                self.assertEqual(cell.reply["status"], "ok", cell.reply)
                text = [shown for kind in ("display_data", "execute_result") for shown in cell.all(kind)][0]["data"]["text/plain"]
                self.assertIn("\n\nShown as plain text, because this was thrown while it was looked at:\n", text)
                self.assertRegex(text, "Error: no look\n +at .*:[12]:|TypeError: Converting circular")
        self.run_cell("throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1 } })")
        self.run_cell("throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } }")
        self.run_cell("const odd = { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no look') } };")
        self.assertIn("odd", self.run_cell("%who").text())
        self.assertIn("<no look>", self.run_cell("%whos").all("display_data")[0]["data"]["text/plain"])
        self.assertEqual(self.run_cell("1 + 1").result, "2")


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

    def test_training_goes_on_after_a_stop_within_an_operation(self):
        cell = self.run_cell(
            "import { engine, tf } from 'kontrast';\nawait engine.use();\nconst big = tf.ones([4000, 256]), w = tf.variable(tf.scalar(2));\n"
            "const loss = () => tf.tidy(() => w.square().mul(tf.scalar(3)) as import('kontrast').tf.Scalar);\ntf.memory().numTensors;", timeout=90)
        self.assertEqual(cell.reply["status"], "ok", cell.reply)
        for stopped in ("tf.tidy(() => tf.matMul(big, big, true))", "tf.variableGrads(loss)"):
            held = self.run_cell("tf.memory().numTensors").result
            for _ in range(3):
                self.interrupt(f"console.log('started'); for (;;) {{ tf.tidy(() => {{ {stopped}; }}); }}")
            cell = self.run_cell("const { grads } = tf.variableGrads(loss); const [g] = Object.values(grads).map((one) => one.dataSync()[0]); tf.dispose(grads); g")
            self.assertEqual(cell.result, "12", cell.all("error"))
            self.assertLessEqual(int(self.run_cell("tf.memory().numTensors").result) - int(held), 8)


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

    def test_questions_asked_at_once_come_one_after_the_other(self):
        self.run_cell("import { input } from 'kontrast'", timeout=60)
        msg_id = self.send("await Promise.all(['a', 'b', 'c'].map(async (name) => name + await input(name)))", allow_stdin=True)
        for name in "abc":
            self.assertEqual(self.client.get_stdin_msg(timeout=TIMEOUT)["content"]["prompt"], name)
            with self.assertRaises(queue.Empty):
                self.client.get_stdin_msg(timeout=0.1)
            self.client.input(name.upper())
        self.assertEqual(self.finish(msg_id).result, "[ 'aA', 'bB', 'cC' ]")

    def test_interrupt_ends_the_questions_that_wait_too(self):
        self.run_cell("import { input } from 'kontrast'", timeout=60)
        msg_id = self.send("await Promise.all([input('a'), input('b')])", allow_stdin=True)
        self.client.get_stdin_msg(timeout=TIMEOUT)
        self.manager.interrupt_kernel()
        self.assertEqual(self.finish(msg_id).reply["ename"], "Interrupted")
        asked, cell = self.answer("await input('Again? ')", "now")
        self.assertEqual((asked["prompt"], cell.result), ("Again? ", "'now'"))

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


if __name__ == "__main__":
    unittest.main()
