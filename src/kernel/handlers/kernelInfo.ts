import { createRequire } from "node:module";
import { packageVersion } from "../../check/packageVersion.js";
import { protocolVersion } from "../wire/index.js";
import type { Handler } from "./handler.js";

const require = createRequire(import.meta.url);

/** Version of the compiler, without loading it. */
const typescriptVersion: string = require("typescript/package.json").version;

/** `kernel_info_request`. */
export const kernelInfo: Handler = async () => ({
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "kontrast",
  implementation_version: packageVersion,
  language_info: {
    name: "typescript",
    version: typescriptVersion,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    // `mode` is what JupyterLab reads; Notebook 6 reads `name` and `typescript`.
    codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `Kontrast ${packageVersion}: TypeScript ${typescriptVersion} on Node ${process.versions.node}`,
  help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  supported_features: ["debugger", "kernel subshells"],
  // The name that JupyterLab 3 and 4.0 look for.
  debugger: true,
});
