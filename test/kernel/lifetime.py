"""One stock Jupyter client against the kernel: what stops cells and what ends processes. Run by session.test.ts with JUPYTER_PATH set."""
import os
import time
import unittest

from jupyter_client import BlockingKernelClient

from kernel_case import KernelCase


def runs(pid):
    """Whether a process is there, and not only because nobody has asked how it ended."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Interrupt(KernelCase):
    def check(self, code, at_most):
        self.run_cell("let state = 'kept'; const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))")
        cell, seconds = self.interrupt(code)
        self.assertEqual((cell.reply["status"], cell.reply["ename"]), ("error", "Interrupted"))
        self.assertLess(seconds, at_most)
        self.assertEqual(self.run_cell("state").result, "'kept'")
        return cell

    def test_synchronous_loop(self):
        self.check("console.log('started'); while (true) {}", 2)

    def test_synchronous_loop_that_prints(self):
        self.check("console.log('started'); while (true) { for (let i = 0; i < 1e6; i++); console.log('x') }", 3)

    def test_waiting(self):
        self.check("console.log('started'); await sleep(1e6)", 1)

    def test_loop_after_await(self):
        self.check("console.log('started'); await null; while (true) {}", 3)

    def test_loop_after_a_timer(self):
        self.check("console.log('started'); await sleep(50); while (true) {}", 3)

    def test_display_that_never_comes(self):
        self.check("import { display } from 'kontrast';\nconsole.log('started'); display({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) }); 1", 3)
        self.assertEqual(self.run_cell("display(2); 3").result, "3")

    def test_check_that_takes_long(self):
        code = (
            "type Inner<N extends 0[], S> = N['length'] extends 900 ? N['length'] : Inner<[...N, 0], S>;\n"
            "type Outer<N extends 0[], S> = N['length'] extends 900 ? 1 : Inner<[], [S, N]> extends 900 ? Outer<[...N, 0], S> : never;\n"
        ) + "".join(f"const slow{i}: Outer<[], {i}> = 1;\n" for i in range(1000))
        begin = time.time()
        msg_id = self.send(code)
        time.sleep(0.5)
        self.manager.interrupt_kernel()
        self.assertIn("the check was interrupted", self.finish(msg_id).reply["evalue"])
        self.assertLess(time.time() - begin, 10)
        self.assertEqual(self.run_cell("1 + 1").result, "2")

    def test_loop_of_awaits_ends(self):
        self.check("let turns = 0; console.log('started'); while (true) { await sleep(10); turns++ }", 1)
        time.sleep(0.1)
        before = self.run_cell("turns").result
        time.sleep(0.2)
        self.assertEqual(self.run_cell("turns").result, before)

    def check_that_it_ends(self, loop):
        self.run_cell("import { readFile } from 'node:fs/promises'; let turns = 0; const name = '/etc/hostname'")
        self.check(f"console.log('started'); {loop}", 3)
        time.sleep(1)
        before = self.run_cell("turns").result
        self.assertNotEqual(before, "0")
        time.sleep(0.3)
        self.assertEqual(self.run_cell("turns").result, before)

    def test_loop_that_waits_for_files_ends(self):
        self.check_that_it_ends("while (true) { await readFile(name); turns++ }")
        self.check_that_it_ends("while (true) { try { await readFile('nothing') } catch { turns++ } }")

    def test_loop_over_what_never_ends_ends(self):
        self.check_that_it_ends(
            "async function* endless() { while (true) yield readFile(name) }; for await (const _ of endless()) turns++"
        )

    def test_chain_of_promises_without_await_ends(self):
        self.check_that_it_ends("const again = (): any => { turns++; return readFile(name).then(again) }; await again()")

    def test_another_cell_is_not_harmed_by_one_that_goes_on(self):
        self.run_cell("import { readFile } from 'node:fs/promises'; let turns = 0; let ended = 0")
        self.check("console.log('started'); const again = (): any => { turns++; return readFile('/etc/hostname').then(again) }; await again()", 3)
        cell = self.run_cell("for (let i = 0; i < 3000; i++) await readFile('/etc/hostname'); 'done'")
        self.assertEqual(cell.result, "'done'")

    def test_cell_that_listens_ends_its_step(self):
        cell = self.check(
            "const { signal } = (globalThis as any)[Symbol.for('kontrast.cell')]; console.log('started');"
            "while (!signal.aborted) await sleep(20); await sleep(600); console.log('saved'); 'result'",
            3,
        )
        self.assertIn("saved", cell.text())
        self.assertEqual(cell.result, "'result'")

    def test_second_interrupt_does_not_wait_for_a_listener(self):
        msg_id = self.send(
            "const deaf = (globalThis as any)[Symbol.for('kontrast.cell')].signal; console.log('started'); await sleep(1e6)"
        )
        self.wait_for_text("started")
        begin = time.time()
        self.manager.interrupt_kernel()
        time.sleep(1.2)
        self.manager.interrupt_kernel()
        self.assertEqual(self.finish(msg_id).reply["ename"], "Interrupted")
        self.assertLess(time.time() - begin, 4)

    def test_loop_inside_a_timer(self):
        self.check("setTimeout(() => { console.log('started'); while (true) {} }, 10); await sleep(1e6)", 3)
        self.assertEqual(self.run_cell("setTimeout(() => console.log('fires'), 1); await sleep(50)").text(), "fires\n")

    def test_loop_in_a_timer_that_its_cell_has_left_behind(self):
        self.run_cell("let state = 'kept'; setInterval(() => { console.log('runaway'); while (true) {} }, 50); 0")
        self.wait_for_text("runaway")
        self.manager.interrupt_kernel()
        time.sleep(0.3)  # The request is not waited for, and must not arrive while the next cell runs.
        # Its timer is gone with it, the variables are not.
        cell = self.run_cell("await new Promise((done) => setTimeout(done, 200)); state", timeout=15)
        self.assertEqual(cell.result, "'kept'", cell.messages)

    def test_loop_in_a_timer_that_keeps_the_next_cell_waiting(self):
        for start in ("setTimeout", "setInterval"):
            self.run_cell(f"let state = 'kept'; {start}(() => {{ console.log('runaway'); while (true) {{}} }}, 50); 0")
            self.wait_for_text("runaway")
            msg_id = self.send("state")
            time.sleep(1)  # Checked and sent by then, most likely: else it is interrupted all the same.
            self.manager.interrupt_kernel()
            self.assertEqual(self.finish(msg_id, timeout=9).reply["ename"], "Interrupted")
            cell = self.run_cell("await new Promise((done) => setTimeout(done, 200)); state")
            self.assertEqual(cell.result, "'kept'", cell.messages)

    def test_a_program_that_is_waited_for(self):
        self.check("import { execSync } from 'node:child_process'; console.log('started'); execSync('sleep 30')", 3)

    def test_what_cannot_be_stopped_costs_the_process(self):
        self.run_cell("let gone = 1; import { execSync, spawn } from 'node:child_process'")
        pid = int(self.run_cell("spawn('sleep', ['60']).pid").result)
        msg_id = self.send("console.log('started'); execSync('trap \"\" INT; sleep 30; sleep 30')")
        self.wait_for_text("started")
        self.manager.interrupt_kernel()
        self.wait_for_text("In 10 s its process will be killed")
        self.manager.interrupt_kernel()
        cell = self.finish(msg_id)
        self.assertFalse(runs(pid))
        self.assertEqual(cell.reply["ename"], "ProcessLost")
        self.assertIn("could not be stopped", cell.reply["evalue"])
        self.assertIn("all variables are gone", cell.reply["evalue"])
        self.assertIn("TS2304", self.run_cell("gone").reply["evalue"])
        self.assertEqual(self.run_cell("1 + 1").result, "2")

    def test_no_interrupt_is_lost_or_strikes_the_next_cell(self):
        for _ in range(25):
            self.check("console.log('started'); await sleep(1e6)", 1)

    def test_idle_kernel_ignores_it(self):
        self.manager.interrupt_kernel()
        time.sleep(0.3)  # The request is not waited for, and must not arrive while the next cell runs.
        self.assertEqual(self.run_cell("5").result, "5")

    def test_queued_cells_are_aborted(self):
        ids = [self.send("console.log('started'); await new Promise(() => {})"), self.send("6")]
        self.wait_for_text("started")
        self.manager.interrupt_kernel()
        self.assertEqual([self.finish(i).reply["ename"] for i in ids], ["Interrupted", "Aborted"])

    def test_other_requests_are_answered_while_a_cell_is_busy(self):
        msg_id = self.send("console.log('started'); while (true) {}")
        self.wait_for_text("started")
        begin = time.time()
        self.client.kernel_info()
        reply = self.client.get_shell_msg(timeout=5)
        self.assertEqual(reply["header"]["msg_type"], "kernel_info_reply")
        self.assertLess(time.time() - begin, 1)
        self.assertTrue(self.client.is_alive())
        self.manager.interrupt_kernel()
        self.finish(msg_id)


class Crash(KernelCase):
    def check(self, code, reason):
        self.run_cell("let lost = 1")
        cell = self.run_cell(code)
        (error,) = cell.all("error")
        self.assertEqual(error["ename"], "ProcessLost")
        self.assertIn(reason, error["evalue"])
        self.assertIn("TS2304", self.run_cell("lost").reply["evalue"])
        self.assertEqual(self.run_cell("1 + 2").result, "3")
        return cell

    def test_exit(self):
        cell = self.check("console.log('last words'); process.exit(3)", "exited with code 3")
        self.assertEqual((cell.text(), cell.text("stderr")), ("last words\n", ""))

    def test_kill(self):
        self.check("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", "killed by SIGKILL")

    def test_the_listeners_of_the_kernel_stay(self):
        self.run_cell("let heard = 0; const own = () => { heard++ }; process.on('SIGUSR2', own); process.once('uncaughtException', own)")
        self.assertEqual(self.run_cell("process.off('uncaughtException', own); process.listeners('uncaughtException').includes(own)").result, "false")
        self.assertEqual(self.run_cell("process.emit('SIGUSR2'); process.removeAllListeners(); process.emit('SIGUSR2'); heard").result, "1")
        for event in ("uncaughtException", "SIGINT", "message", "disconnect"):
            self.run_cell(f"process.removeAllListeners('{event}').listeners('{event}' as any).forEach((one: any) => process.off('{event}', one))")
        cell = self.run_cell("process.kill(process.pid, 'SIGINT'); setTimeout(() => { throw new Error('in a timer') }, 1); await new Promise((done) => setTimeout(done, 50)); heard")
        self.assertEqual(cell.result, "1", cell.messages)
        self.assertIn("in a timer", cell.text("stderr"))

    def test_crash_between_cells_is_told(self):
        msg_id = self.send("setTimeout(() => process.exit(9), 50); 1")
        self.finish(msg_id)
        self.wait_for_text("exited with code 9", 5)
        self.assertEqual(self.run_cell("2").result, "2")


class FrontEnd(KernelCase):
    def test_that_disappears_and_returns_changes_nothing(self):
        self.send("console.log('started'); let steps = 0; for (; steps < 30; steps++) { console.log(`step ${steps}`); await new Promise((done) => setTimeout(done, 30)); }")
        self.wait_for_text("started")
        self.client.stop_channels()
        time.sleep(0.5)
        type(self).client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)
        self.assertEqual(self.run_cell("steps").result, "30")
        self.assertEqual(self.run_cell("Number(6)").result, "6")

    def test_two_at_once_see_the_same(self):
        other = BlockingKernelClient(connection_file=self.manager.connection_file)
        other.load_connection_file()
        other.start_channels()
        other.wait_for_ready(timeout=30)
        self.run_cell("console.log('for both'); 'value'")
        seen = []
        while "execute_result" not in seen:
            seen.append(other.get_iopub_msg(timeout=5)["header"]["msg_type"])
        self.assertIn("stream", seen)
        other.stop_channels()


class Restart(KernelCase):
    def test_forgets_everything(self):
        self.run_cell("let old = 1")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=30)
        cell = self.run_cell("old")
        self.assertIn("TS2304", cell.reply["evalue"])
        self.assertEqual(cell.reply["execution_count"], 1)


class Shutdown(KernelCase):
    def test_ends_both_processes(self):
        self.run_cell("1")
        process = self.manager.provisioner.process
        (child,) = children_of(process.pid)
        msg_id = self.client.shutdown()
        reply = self.client.get_control_msg(timeout=5)
        self.assertEqual(reply["parent_header"]["msg_id"], msg_id)
        self.assertEqual(reply["content"], {"status": "ok", "restart": False})
        self.assertEqual(process.wait(timeout=10), 0)
        self.assert_gone(child)

    def test_while_a_cell_is_busy(self):
        process, *started = self.busy_kernel()
        self.client.shutdown()
        self.assertEqual(process.wait(timeout=10), 0)
        for pid in started:
            self.assert_gone(pid)

    def test_no_orphan_when_the_kernel_is_killed(self):
        process, *started = self.busy_kernel()
        os.kill(process.pid, 9)
        process.wait(timeout=5)
        for pid in started:
            self.assert_gone(pid)

    def busy_kernel(self):
        """A fresh kernel whose cell runs for ever: its process, its child, and a program that it has started."""
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=30)
        process = self.manager.provisioner.process
        (child,) = children_of(process.pid)
        program = self.run_cell("import { spawn } from 'node:child_process'; spawn('sleep', ['60']).pid").result
        self.send("console.log('started'); while (true) {}")
        self.wait_for_text("started")
        return process, child, int(program)

    def assert_gone(self, pid):
        for _ in range(50):
            if not runs(pid):
                return
            time.sleep(0.1)
        self.fail(f"process {pid} is still there")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


if __name__ == "__main__":
    unittest.main()
