import { type Magic, MagicError, requireNoArgument } from "./magic.js";

/** `name?` and `name??`: what the pager shows. */
export function helpMagic(magics: () => Readonly<Record<string, Magic>>): Magic {
  return {
    usage: "NAME?  or  NAME??  or  ?NAME",
    summary: "Shows type and documentation of NAME in the pager; with ?? more of it.",
    async run({ argument }, { explain }) {
      const [, marks = "?", name = ""] = /^(\?*)\s*(.*)$/.exec(argument) ?? [];
      if (name === "") throw new MagicError("help: name what it is about, such as: %help display");
      const magic = magics()[name.replace(/^%+/, "")];
      const isMagic = name.startsWith("%") && magic !== undefined;
      const text = isMagic ? `${magic.usage}\n\n${magic.summary}` : await explain(name, marks === "??" ? 1 : 0);
      if (text === undefined) throw new MagicError(`help: nothing is known about ${name}`);
      return { source: "page", data: { "text/plain": text }, start: 0 };
    },
  };
}

/** `%lsmagic`: what there is. */
export function lsmagicMagic(magics: () => Readonly<Record<string, Magic>>): Magic {
  const lsmagic: Magic = {
    usage: "%lsmagic",
    summary: "Lists the magics.",
    async run({ argument }, { print }) {
      requireNoArgument(lsmagic, argument);
      const all = [...new Set(Object.values(magics()))];
      const width = Math.max(...all.map(({ usage }) => usage.length));
      const lines = all.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}`);
      await print(`${lines.join("\n")}\n\nEach may also be written as a comment, such as // %who.\n`);
      return undefined;
    },
  };
  return lsmagic;
}
