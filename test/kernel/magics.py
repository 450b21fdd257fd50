"""One stock Jupyter client against the kernel: magics. Run by session.test.ts with JUPYTER_PATH set."""
import json
import os
import tempfile
import time
import unittest

from kernel_case import KernelCase


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

    def test_time_of_a_line_as_a_comment(self):
        cell = self.run_cell("// %time const measured = 6 * 7\nmeasured + 1")
        self.assertEqual(cell.result, "43")
        self.assertIn("Wall time", cell.text())
        self.assertIn("± ", self.run_cell("// %timeit Math.sqrt(measured)").text())
        self.assertIn("TS2304", self.run_cell("// %time nowhere").reply["evalue"])

    def test_time_of_nothing(self):
        for code in ("%time", "%%time\n\n", "// %timeit"):
            self.assertIn("must have code to measure", self.run_cell(code).reply["evalue"])

    def test_timeit_runs_often_and_shows_no_value(self):
        cell = self.run_cell("%timeit Math.sqrt(2)")
        self.assertIsNone(cell.result)
        self.assertRegex(cell.text(), r"^[\d.]+ (ns|µs) ± [\d.]+ (ns|µs) per loop \(mean ± std. dev. of 7 runs, [\d,]+ loops each\)\n$")

    def test_timeit_of_a_cell_that_waits(self):
        cell = self.run_cell("%%timeit\nawait new Promise((done) => setTimeout(done, 30));")
        self.assertRegex(cell.text(), r"^3\d(\.\d+)? ms ± .* per loop .*runs, \d+ loops each\)\n$")

    def test_errors_in_what_is_measured_have_their_place(self):
        for code, place in (
            ("%timeit throw new Error('x')", r"line 1, column \d+\n> 1 \| %timeit throw"),
            ("%%timeit\nconst zz = 1;\nJSON.parse('{');", "line 3, column 6\n"),
            ("%%time\nconst zz = 1;\nJSON.parse('{');", "line 3, column 6\n"),
        ):
            _, top, *_ = self.run_cell(code).all("error")[0]["traceback"]
            self.assertRegex(top, rf"^    at cell \d+, {place}")

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

    def test_reset_and_new_declarations_in_one_cell(self):
        self.run_cell("const anew: string = 'a';")
        self.assertEqual(self.run_cell("%reset\nconst anew: number = 2;\nanew + 1").result, "3")
        self.assertIn("TS2304", self.run_cell("const gone = 1;\n%reset\ngone").reply["evalue"])

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
        os.symlink(f"{outside}/new.ts", "dangling.ts")
        for path in ("../out.ts", f"{outside}/out.ts", "link-out/out.ts", "dangling.ts"):
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

    def test_wrong_arguments_are_refused(self):
        self.run_cell("const kept = 1;")
        for code in ("%who foo", "%whos big", "%reset -f", "%lsmagic x", "%%html foo\n<b>", "%%markdown foo\nx"):
            magic, argument = code.split("\n")[0].split(" ")
            reply = self.run_cell(code).reply
            self.assertEqual((reply["ename"], reply["evalue"]), ("MagicError", f"{magic}: takes no argument, got {argument}; usage: {magic}"))
        for code, said in (
            ("%%writefile\nx", "name a file"), ("%%writefile -x a.ts\nx", "usage: %%writefile [-a] [--anywhere] PATH"),
            ("%engine wasm cpu more", "usage: %engine [NAME [DEVICE]]"), ("%install", "name a package"), ("%help", "name what it is about"),
        ):
            self.assertIn(said, self.run_cell(code).reply["evalue"])
        self.assertEqual(self.run_cell("kept").result, "1")

    def test_list_and_unknown(self):
        self.assertIn("%install PACKAGE", self.run_cell("%lsmagic").text())
        reply = self.run_cell("%nonsense").reply
        self.assertEqual((reply["ename"], reply["evalue"]), ("MagicError", "%nonsense is no magic; %lsmagic lists all"))
        for typed, meant in (("%whoo", "%who"), ("%%htlm\nx", "%%html"), ("%instal d3", "%install"), ("%Time 1", "%time"), ("%%markdwn\nx", "%%markdown")):
            self.assertIn(f"did you mean {meant}?", self.run_cell(typed).reply["evalue"])
        self.assertIn("write %%html in the first line", self.run_cell("%html").reply["evalue"])
        self.assertIn("write %who", self.run_cell("%%who\n1").reply["evalue"])
        self.assertEqual(self.run_cell("// %nonsense is a comment\n5").result, "5")

    def test_what_is_no_magic(self):
        self.assertEqual(self.run_cell("const total = 17; const rest = total\n  % 5;\nrest").result, "2")
        self.assertEqual(self.run_cell("`\n%time\n`").result, "'\\n%time\\n'")
        self.assertEqual(self.run_cell("/*\n%who\n*/ 4").result, "4")
        self.assertEqual(self.run_cell("const isOdd = 1 > 0\n  ? total\n  : rest;\nisOdd?\n  isOdd : 2").result, "17")

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
        (page,) = self.run_cell("?twice").reply["payload"]
        self.assertEqual(page["data"]["text/plain"], "function twice(n: number): number\n\nDoubles.")
        (page,) = self.run_cell("%reset?").reply["payload"]
        self.assertIn("%reset\n\nForgets all", page["data"]["text/plain"])
        self.assertIn("nothing is known about nowhere", self.run_cell("nowhere?").reply["evalue"])

    def test_interrupt_of_an_install(self):
        msg_id = self.send("console.log('started')\n%install --loglevel=silly no-such-package-at-all --fetch-retries=10 --registry=http://127.0.0.1:9")
        self.wait_for_text("started")
        time.sleep(0.5)
        self.manager.interrupt_kernel()
        self.assertIn("interrupted", self.finish(msg_id, 15).reply["evalue"])


if __name__ == "__main__":
    unittest.main()
