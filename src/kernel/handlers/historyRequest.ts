import type { Handler } from "./handler.js";
import type { HistoryEntry } from "./history.js";

const natural = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;

/** `history_request`. */
export const historyRequest: Handler = async ({ message }, kernel) => {
  const { hist_access_type: access, output, session, start, stop, n, pattern, unique } = message.content;
  const most = natural(n, 1000);
  let found: HistoryEntry[];
  if (access === "range")
    found = kernel.history.range(natural(session, -1), natural(start, 0), natural(stop, Infinity));
  else if (access === "search") found = kernel.history.search(String(pattern ?? "*"), most, unique === true);
  else found = kernel.history.tail(most);
  const tuples = found.map((entry) => [
    entry.session,
    entry.line,
    output === true ? [entry.input, entry.output ?? null] : entry.input,
  ]);
  return { status: "ok", history: tuples };
};
