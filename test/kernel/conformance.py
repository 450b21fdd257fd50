"""The stock conformance suite with samples in TypeScript. Run by session.test.ts with JUPYTER_PATH set."""
import unittest

import jupyter_kernel_test


class KontrastConformance(jupyter_kernel_test.KernelTests):
    kernel_name = "kontrast"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_generate_error = "throw new Error('as asked')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const greeting: string = 'hi'; greeting", "result": "'hi'"},
    ]
    code_display_data = [
        {
            "code": "(globalThis as any)[Symbol.for('kontrast.cell')].sink.displayData({ 'text/html': '<b>x</b>' })",
            "mime": "text/html",
        }
    ]
    code_clear_output = "(globalThis as any)[Symbol.for('kontrast.cell')].sink.clearOutput(false)"

    completion_samples = [
        {"text": "[1, 2].toSort", "matches": {"toSorted"}},
        {"text": "process.pla", "matches": {"platform"}},
    ]
    code_inspect_sample = "parseInt"
    code_page_something = "parseInt?"

    complete_code_samples = ["1", "const x = 1;", "function f(a: number) {\n  return a;\n}"]
    incomplete_code_samples = ["function f(a: number) {", "const list = [1,", "`open"]
    invalid_code_samples = ["const = 3", "let 1x = 2;"]

    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main()
