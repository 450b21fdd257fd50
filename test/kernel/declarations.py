"""What cells declare, as later cells see it. Run by session.test.ts with JUPYTER_PATH set."""
import unittest

from kernel_case import KernelCase


class Declarations(KernelCase):
    def setUp(self):
        self.run_cell("%reset")

    def cell(self, code, result=None):
        cell = self.run_cell(code)
        self.assertEqual((cell.reply["status"], cell.result), ("ok", result), cell.all("error"))

    def refused(self, code, *words):
        evalue = self.run_cell(code).reply["evalue"]
        for word in words:
            self.assertIn(word, evalue)

    def test_patterns_take_what_can_be_iterated(self):
        self.cell("const [a, b] = new Set([1, 2]); const [...all] = new Set([3]); const [[k, v]] = new Map([['k', 5]]);")
        self.cell("[a, b, all, k, v]", "[ 1, 2, [ 3 ], 'k', 5 ]")
        self.cell("const [m] = 'x1y2'.matchAll(/\\d/g), [character] = '😀b'; [m?.[0], character]", "[ '1', '😀' ]")
        self.cell("function* count() { yield 1; yield 2; } const [first, , third = 4] = count(); [first, third]", "[ 1, 4 ]")
        self.refused("const [none] = null as any", "null is not iterable")
        self.refused("const [none] = { length: 1, 0: 'a' } as any", "object is not iterable")
        with open("pattern.ts", "w") as file:
            file.write("export const [x, y] = new Set([7, 8]);\n")
        self.cell("import { x, y } from './pattern.ts'; [x, y]", "[ 7, 8 ]")

    def test_names_that_a_failed_cell_has_not_come_to(self):
        self.refused("const early = 1; JSON.parse('{'); const late = 2; class After {} function hoisted() { return 3; }", "JSON")
        self.cell("early + hoisted()", "4")
        self.refused("late", "TS2304")
        self.refused("new After()", "TS2304")

    def test_types_that_a_failed_cell_has_imported(self):
        self.refused("import type { Stats } from 'node:fs'; import { type Dirent, readFileSync } from 'node:fs'; JSON.parse('{')", "JSON")
        self.cell("let stats: Stats | Dirent | undefined; typeof readFileSync", "'function'")

    def test_a_failed_cell_leaves_the_former_types(self):
        self.cell("let w = 5, other = 'o'; import { join, sep } from 'node:path';")
        self.refused("other = 'p'; let w = 'a' + JSON.parse('{'); const join = 1;", "JSON")
        self.cell("w.toFixed(1) + other + join('a', 'b') + sep", "'5.0pa/b/'")
        self.refused("w.toUpperCase()", "TS2339")

    def test_a_name_that_others_need_stays(self):
        self.refused("let one: Model | undefined; JSON.parse('{'); class Model { layers = 2; }", "JSON")
        self.refused("one?.layers.toUpperCase()", "TS2339")

    def test_types_that_were_declared_again_by_a_failed_cell(self):
        self.cell("interface Row { a: number } let row: Row = { a: 1 };")
        self.refused("interface Row { b: string } JSON.parse('{'); let row: Row = { b: '' };", "JSON")
        self.cell("row", "{ a: 1 }")
        self.refused("const text: string = (row as Row).a", "TS2339")

    def test_names_that_a_stopped_cell_has_not_come_to(self):
        self.cell("let kept = 1")
        for wait in ("await new Promise(() => 0);", "while (true) {}"):
            self.interrupt(f"let begun = 'b'; console.log('started'); {wait} let kept = 'text', unseen = 2;")
            self.cell("kept + begun.length", "2")
            self.refused("unseen", "TS2304")

    def test_var_within_statements(self):
        self.cell("for (var n = 0; n < 3; n++); if (n > 1) { var list = [n]; } for (var { p, q: [w] } of [{ p: 'a', q: [1] }]);")
        self.cell("n += 1; [n, list, p, w]", "[ 4, [ 3 ], 'a', 1 ]")
        self.refused("n.toUpperCase()", "TS2339")
        self.cell("if (true) { var held = 1; } function bump() { return ++held; }")
        self.cell("held = 100; [bump(), held]", "[ 101, 101 ]")
        self.cell("outer: for (var i = 0; i < 3; i++) { for (const j of [0, 1]) { if (j) continue outer; } }")
        self.cell("do { var { p: inner, ...rest } = { p: 'i', z: 2 }, later = 3; } while (false); for (var key in { k: 1 });")
        self.cell("[i, inner, rest, later, key]", "[ 3, 'i', { z: 2 }, 3, 'k' ]")
        self.cell("class Named { a = 1; } { class Named { b = 2; } var named = [new Named()]; }")
        self.cell("named[0].b", "2")
        self.cell("try { JSON.parse('{'); } catch { var failed = new Map([[1, 'a']]); }")
        self.cell("failed.get(1)?.length", "1")

    def test_the_global_scope(self):
        declared = "declare global { var shared: number; interface Array<T> { doubled(): T[] } }"
        self.cell(f"{declared} globalThis.shared = 3; Array.prototype.doubled = function () {{ return [...this, ...this]; }}; shared", "3")
        self.cell("shared++; shared + ({ shared }).shared + globalThis.shared", "12")
        self.cell("[shared].doubled()", "[ 4, 4 ]")
        self.cell(f"{declared} const read = () => shared;")
        self.cell("globalThis.shared = 9; [read(), shared]", "[ 9, 9 ]")

    def test_the_global_scope_can_be_declared_again(self):
        self.cell("declare global { var h: number, other: number; interface Array<T> { first(): number; size(): number } } globalThis.h = 1; globalThis.other = 2;", "2")
        self.cell("declare global { var h: string; interface Array<T> { first(): string } } globalThis.h = 'h';", "'h'")
        self.cell("h.length + other", "3")
        self.refused("[1].first().toFixed()", "TS2551")
        self.refused("[1].size().trim()", "TS2339")

    def test_what_is_only_declared_is_global(self):
        self.cell("(globalThis as any).answer = 42; declare const answer: number, other: string; declare function parseInt(text: string): number; answer", "42")
        self.cell("answer + parseInt('1')", "43")
        self.cell("declare const require: any; const own = 1;")
        self.cell("typeof require('node:fs').readFile + answer + own", "'function421'")
        self.refused("answer.length", "TS2339")
        self.cell("const answer = 'mine';")
        self.cell("answer.length", "4")

    def test_a_class_keeps_its_base(self):
        self.cell("class Base { #own = 1; hi() { return this.#own; } } class Derived extends Base {} const made = new Derived();")
        self.cell("class Base { yo() { return 2; } }")
        self.cell("[new Derived().hi(), made.hi(), new Base().yo()]", "[ 1, 1, 2 ]")
        self.refused("new Derived().yo()", "TS2339")


if __name__ == "__main__":
    unittest.main()
