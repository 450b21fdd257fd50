/**
 * What V8 says of a call or a property, in the words of the cell: it quotes the JavaScript that ran, where variables are
 * properties of `exports`, and what was imported is a member of a module, as in `(0 , node_path_1.join) is not a function`.
 */
export function plainMessage({ name, message }: { readonly name: string; readonly message: string }): string {
  if (name !== "TypeError") return message;
  return message
    .replace(/\(0 ?, ?(?:exports|[\w$]+_\d+)\.([\w$]+)\)/g, "$1")
    .replace(/(?<![\w$.])exports\.(?=[\w$])/g, "")
    .replace(/(?<![\w$.])([\w$]+)_\d+\.default\b/g, "$1");
}
