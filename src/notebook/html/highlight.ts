import hljs from "highlight.js";
import { escapeHtml } from "../../display/index.js";

/** Code as HTML with a span per token, classes as highlight.js names them; an unknown language is left plain. */
export function highlight(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
