import { nearestName } from "../../check/index.js";
import { engine } from "./engine.js";
import { helpMagic, lsmagicMagic } from "./help.js";
import { install } from "./install.js";
import { type Magic, MagicError } from "./magic.js";
import { markupMagics } from "./markup.js";
import type { KnownMagics } from "./parse.js";
import { reset, who, whos } from "./variables.js";
import { writefile } from "./writefile.js";

/** Code is timed by the executor; these entries are for `%lsmagic`, help and completion. */
const timed = (name: string, summary: string): Magic => ({
  usage: `%${name} CODE`,
  summary,
  run: async () => {
    throw new MagicError(`%${name}: must have code to measure, behind it or in the lines below`);
  },
});

const lineMagics: Readonly<Record<string, Magic>> = {
  time: timed("time", "Runs a line, or the rest of the cell, and says how long it took."),
  timeit: timed("timeit", "Runs a line, or the rest of the cell, many times: mean and standard deviation."),
  who,
  whos,
  reset,
  install,
  engine,
  lsmagic: lsmagicMagic(() => magics),
  help: helpMagic(() => magics),
};

const cellMagics: Readonly<Record<string, Magic>> = {
  ...markupMagics,
  md: markupMagics["markdown"] as Magic,
  js: markupMagics["javascript"] as Magic,
  writefile,
};

/** All magics by name. */
export const magics: Readonly<Record<string, Magic>> = { ...lineMagics, ...cellMagics };

/** The names, for the parser. */
export const knownMagics: KnownMagics = {
  line: new Set(Object.keys(lineMagics)),
  cell: new Set(Object.keys(cellMagics)),
};

/**
 * The magic of a name, in the form it was written in.
 *
 * @throws MagicError `%whoo is no magic; did you mean %who? %lsmagic lists all`
 */
export function requireMagic(name: string, isCell: boolean): Magic {
  const table = isCell ? cellMagics : lineMagics;
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found) return found;
  throw new MagicError(`${isCell ? "%%" : "%"}${name} is no magic; ${hintFor(name)}`);
}

/** What was probably meant: the other form, or a name that is written much like it. */
function hintFor(name: string): string {
  const isIn = (table: object) => Object.hasOwn(table, name);
  if (isIn(cellMagics)) return `write %%${name} in the first line`;
  if (isIn(lineMagics)) return `write %${name}`;
  const close = nearestName(name, Object.keys(magics));
  const meant = close === undefined ? "" : `did you mean ${Object.hasOwn(lineMagics, close) ? "%" : "%%"}${close}? `;
  return `${meant}%lsmagic lists all`;
}
