/** A part of a message: text as it is, or code whose value is to stand there. */
export interface LogMessagePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** Strings within code, whose braces do not count, and braces. */
const tokens = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[{}]/gs;

/** Splits DAP's `logMessage`, such as `turn {i} of {total}`, at its braces. Those without the other one are text. */
export function logMessageParts(message: string): LogMessagePart[] {
  const parts: LogMessagePart[] = [];
  let end = 0;
  for (let start = message.indexOf("{"); start >= 0; start = message.indexOf("{", start + 1)) {
    const close = closingBrace(message, start);
    const code = message.slice(start + 1, close);
    if (close === undefined || code.trim() === "") continue;
    parts.push({ text: message.slice(end, start), isCode: false }, { text: code, isCode: true });
    start = close;
    end = close + 1;
  }
  return [...parts, { text: message.slice(end), isCode: false }];
}

/** Where the brace that opens at `start` is closed. */
function closingBrace(message: string, start: number): number | undefined {
  let depth = 0;
  tokens.lastIndex = start;
  for (let token = tokens.exec(message); token; token = tokens.exec(message)) {
    if (token[0] === "{") depth++;
    if (token[0] === "}" && --depth === 0) return token.index;
  }
  return undefined;
}
