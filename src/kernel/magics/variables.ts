import { displaySymbol, table } from "../../display/index.js";
import { type Magic, requireNoArgument } from "./magic.js";

/** `%who`: the names. */
export const who: Magic = {
  usage: "%who",
  summary: "Names the variables that the cells have declared.",
  async run({ argument }, { print, variables }) {
    requireNoArgument(who, argument);
    const names = (await variables()).map(({ name }) => name);
    await print(names.length > 0 ? `${names.join("  ")}\n` : "There are no variables yet.\n");
    return undefined;
  },
};

/** `%whos`: names, types, values. */
export const whos: Magic = {
  usage: "%whos",
  summary: "Shows a table of the variables: name, type, value.",
  async run({ argument }, { print, show, variables }) {
    requireNoArgument(whos, argument);
    const rows = await variables();
    if (rows.length === 0) await print("There are no variables yet.\n");
    else await show({ ...(await table(rows as never, { limit: 1000 })[displaySymbol]()) });
    return undefined;
  },
};

/** `%reset`: forgets them. */
export const reset: Magic = {
  usage: "%reset",
  summary: "Forgets all variables, types and local modules; packages stay loaded.",
  changesWhatFollows: true,
  async run({ argument }, context) {
    requireNoArgument(reset, argument);
    await context.reset();
    return undefined;
  },
};
