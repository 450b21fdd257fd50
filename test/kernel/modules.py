"""One stock Jupyter client against the kernel: packages, local files, and what cells may be written in. Run by session.test.ts with JUPYTER_PATH set."""
import json
import os
import unittest

from kernel_case import KernelCase


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

    def test_changed_files_that_need_no_conversion_are_read_again(self):
        self.write("reads.cjs", "exports.value = require('./read.json').value;\n")
        self.write("reads.mjs", "export { value as other } from './read.mjs';\n")
        code = (
            "import data from './read.json';\nimport { value } from './reads.cjs';\nimport { other } from './reads.mjs';\n"
            "[data.value, value, other, (require('./read.json') as any).value]"
        )
        for number in (1, 2):
            self.write("read.json", json.dumps({"value": number}))
            self.write("read.mjs", f"export const value = {number};\n")
            cell = self.run_cell(code)
            self.assertEqual(cell.result, f"[ {number}, {number}, {number}, {number} ]", cell.all("error"))

    def test_converted_files_run_again_when_what_they_import_has_changed(self):
        self.write("holds.cjs", "exports.held = require('./conf.json').rate;\n")
        self.write("inner.ts", "import conf from './conf.json';\nimport { held } from './holds.cjs';\nexport const rates = [conf.rate, held];\n")
        self.write("model.ts", "export { rates } from './inner.ts';\n")
        self.write("asks.ts", "declare const require: (id: string) => any;\nexport const asked = require('./conf.json').rate;\n")
        for number in (1, 22):
            self.write("conf.json", json.dumps({"rate": number}))
            cell = self.run_cell("import { rates } from './model.ts';\nimport { asked } from './asks.ts';\n[...rates, asked]")
            self.assertEqual(cell.result, f"[ {number}, {number}, {number} ]", cell.all("error"))

    def test_names_of_variables_that_the_kernel_uses_itself(self):
        cell = self.run_cell("const load = async (module: number, exports: number) => module + (await Promise.resolve(exports)); await load(1, 2)")
        self.assertEqual(cell.result, "3", cell.all("error"))

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

    def test_a_file_that_was_stopped_while_it_was_loaded_runs_again(self):
        begins = "export const before = 1;\nconst isFirst = (globalThis as any).loads++ === 0;\nif (isFirst) console.log('started');\n"
        loop = "while (isFirst) {}\n"
        wait = "if (isFirst) await new Promise(() => undefined);\n"
        for number, stays in enumerate((loop, wait)):
            self.run_cell("(globalThis as any).loads = 0")
            self.write(f"stopped{number}.ts", f"{begins}{stays}export const after = 2;\n")
            self.write(f"importer{number}.ts", f"export * from './stopped{number}.ts';\n")
            code = f"import {{ before, after }} from './importer{number}.ts';\n[before, after]"
            self.assertEqual(self.interrupt(code)[0].reply["ename"], "Interrupted")
            self.assertEqual(self.run_cell(code).result, "[ 1, 2 ]")

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

    def test_addresses_and_paths_of_modules(self):
        self.package("for-import", {"index.mjs": "export const x = 1;"}, exports={"import": "./index.mjs"})
        self.write("folder/resolves.ts", "export const there = import.meta.resolve('./not-there.json');\n")
        cell = self.run_cell("['fs', 'node:fs', 'https://example.org/a'].map((id) => import.meta.resolve(id)).join(' ')")
        self.assertEqual(cell.result, "'node:fs node:fs https://example.org/a'", cell.all("error"))
        cell = self.run_cell("const folder = new URL('.', import.meta.url).href; ['./not-there.json', 'for-import'].map((id) => import.meta.resolve(id).replace(folder, ''))")
        self.assertEqual(cell.result, "[ 'not-there.json', 'node_modules/for-import/index.mjs' ]", cell.all("error"))
        cell = self.run_cell("import { there } from './folder/resolves.ts'; there.replace(folder, '')")
        self.assertEqual(cell.result, "'folder/not-there.json'", cell.all("error"))
        for name in ("kontrast", "tslab"):
            cell = self.run_cell(f"require.resolve('{name}') === decodeURI(new URL(import.meta.resolve('{name}')).pathname)")
            self.assertEqual(cell.result, "true", cell.all("error"))
        # Lent to a folder that has none.
        self.assertRegex(self.run_cell("import.meta.resolve('preact')").result, "^'file://.*/node_modules/preact/")
        self.assertIn("not-installed", self.run_cell("import.meta.resolve('not-installed')").reply["evalue"])
        self.assertEqual(self.run_cell("require.resolve.paths('x')![0].endsWith('/node_modules')").result, "true")

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

    def test_objects_of_a_former_version_of_a_file_throw_at_its_lines(self):
        model = "export class Model {{\n  train(): void {{ {0}throw new Error('{1}') }}\n}}\n"
        self.write("versions.ts", model.format("", "first"))
        load = "import { Model } from './versions.ts';\n"
        self.run_cell(f"{load}const first = new Model();")
        for number in (1, 2):
            self.write("versions.ts", "interface Gone { a: number }\n" * number + "export const added = 1;\n" + model.format("void added; ", number))
            self.run_cell(f"{load}const later = new Model();")
            for name, place in (("first", "line 2, column 25"), ("later", f"line {3 + number}, column 37")):
                _, top, *_ = self.run_cell(f"{name}.train()").all("error")[0]["traceback"]
                self.assertEqual(top, f"    at versions.ts, {place}, in Model.train")

    def test_a_file_that_cannot_be_parsed_is_named(self):
        self.write("bad.cjs", "exports.a = 1;\n\texports.b = ((;\n")
        self.write("style.css", "\n\n\n\n\n\n\n\n\nbody { color: red }\n")
        self.package("unparsed", {"index.js": "let a; let a;", "index.d.ts": "export const x: number;"})
        for code, said in (
            ("import bad from './bad.cjs';\nbad", "    at bad.cjs, line 2, column 16\n> 2 | \texports.b = ((;\n    | \t              ^"),
            ("require('./bad.cjs')", "    at bad.cjs, line 2, column 16\n"),
            ("import './style.css'", "    at style.css, line 10, column 6\n> 10 | body { color: red }\n     |      ^"),
            ("import { x } from 'unparsed';\nx", "    at node_modules/unparsed/index.js, line 1, column 12\n"),
        ):
            title, top, below = self.run_cell(code).all("error")[0]["traceback"]
            self.assertTrue(title.startswith("SyntaxError: "), title)
            self.assertTrue(top.startswith(said), top)
            self.assertRegex(below, r"^    at cell \d+, line \d, column")

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

    def test_using_disposes_of_all_whatever_fails(self):
        self.run_cell("class Part { constructor(readonly name: string, readonly fails = false) {} [Symbol.dispose]() { console.log(`closed ${this.name}`); if (this.fails) throw new Error(`${this.name} stuck`) } }")
        cell = self.run_cell("using one = new Part('one'), two = new Part('two', true);\nthrow new Error('early');")
        self.assertEqual((cell.text(), cell.reply["ename"]), ("closed two\nclosed one\n", "SuppressedError"))
        text = "\n".join(cell.all("error")[0]["traceback"])
        self.assertIn("two stuck", text)
        self.assertIn("early", text)
        # One that a cell has not come to was closed by an earlier run.
        code = "if (fail) throw new Error('x');\nusing three = new Part('three');"
        self.run_cell("let fail = false;")
        self.assertEqual(self.run_cell(code).text(), "closed three\n")
        self.run_cell("fail = true;")
        self.assertEqual(self.run_cell(code).text(), "")

    def test_using_ends_when_the_cell_is_interrupted(self):
        self.run_cell("class Held { [Symbol.dispose]() { console.log('let go') } }")
        cell, _ = self.interrupt("using held = new Held();\nconsole.log('started');\nawait new Promise(() => {});")
        self.assertEqual(cell.reply["ename"], "Interrupted")
        self.assertEqual(self.run_cell("1").result, "1")

    def test_local_files_are_there_after_a_crash_and_a_reset(self):
        self.write("lasting.ts", "export const lasting = 5;\n")
        code = "import { lasting } from './lasting';\nlasting"
        self.assertEqual(self.run_cell(code).result, "5")
        self.run_cell("process.exit(1)")
        self.assertEqual(self.run_cell(code).result, "5")
        self.run_cell("%reset")
        self.assertEqual(self.run_cell(code).result, "5")

    def test_tslab_and_kontrast(self):
        cell = self.run_cell("import * as tslab from 'tslab';\ntslab.display.html('<i>x</i>');\nconst place = tslab.newDisplay();\nplace.text('one');\nplace.text('two');", timeout=60)
        kinds = [(kind, content["data"]) for kind, content in cell.messages if "display" in kind]
        self.assertEqual(kinds, [("display_data", {"text/html": "<i>x</i>"}), ("display_data", {"text/plain": "one"}), ("update_display_data", {"text/plain": "two"})])
        self.assertEqual(self.run_cell("tslab.versions.tslab").result, "'1.0.22'")


if __name__ == "__main__":
    unittest.main()
