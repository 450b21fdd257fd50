import type { Handler } from "./handler.js";
import type { HistoryEntry } from "./historyStore.js";

const integer = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isInteger(value) ? value : otherwise;
const natural = (value: unknown, otherwise: number) => Math.max(0, integer(value, otherwise));

/** `history_request`. */
export const historyRequest: Handler = async ({ message }, kernel) => {
  const { hist_access_type: access, output, session, start, stop, n, pattern, unique } = message.content;
  const { history } = kernel.shells.of(message.header);
  const most = natural(n, 1000);
  let found: HistoryEntry[];
  if (access === "range") {
    found = await history.range(integer(session, 0), natural(start, 0), natural(stop, Number.POSITIVE_INFINITY));
  } else if (access === "search") found = await history.search(String(pattern ?? "*"), most, unique === true);
  else found = await history.tail(most);
  const tuples = found.map((entry) => [
    entry.session,
    entry.line,
    output === true ? [entry.input, entry.output ?? null] : entry.input,
  ]);
  return { status: "ok", history: tuples };
};
