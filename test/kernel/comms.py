"""One stock Jupyter client against the kernel: comms and the live views over them. Run by session.test.ts with JUPYTER_PATH set."""
import json
import unittest

from kernel_case import CommCase


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
        self.assertEqual(states["content"]["data"]["buffer_paths"], [[opened["comm_id"], "state", "data"]])
        self.send_comm(opened["comm_id"], {"method": "update", "state": {"value": 2}, "buffer_paths": []})
        self.send_comm(opened["comm_id"], {"method": "request_state"})
        self.assertEqual(self.next("comm_msg")["content"]["data"]["state"]["value"], 2)


if __name__ == "__main__":
    unittest.main()
