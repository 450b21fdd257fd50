import type { Handler } from "./handler.js";

/** `create_subshell_request` (JEP 91). */
export const createSubshell: Handler = async (_request, kernel) => ({
  status: "ok",
  subshell_id: kernel.shells.create().id,
});

/** `delete_subshell_request`. */
export const deleteSubshell: Handler = async ({ message }, kernel) => {
  await kernel.shells.delete(message.content["subshell_id"]);
  return { status: "ok" };
};

/** `list_subshell_request`. */
export const listSubshell: Handler = async (_request, kernel) => ({ status: "ok", subshell_id: kernel.shells.ids });
