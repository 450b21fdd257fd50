import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Jupyter keeps what belongs to this user, as `jupyter_core.paths.jupyter_data_dir` finds it. */
export function jupyterDataFolder(): string {
  const { JUPYTER_DATA_DIR: given, APPDATA: appData, XDG_DATA_HOME: dataHome } = process.env;
  if (given) return resolve(given);
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32" && appData) return join(appData, "jupyter");
  return join(dataHome || join(homedir(), ".local", "share"), "jupyter");
}
