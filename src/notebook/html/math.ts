import type MarkdownIt from "markdown-it";
import temml from "temml";
import { escapeHtml } from "../../display/index.js";

/**
 * Formulas between `$…$` and `$$…$$`, which Jupyter draws with MathJax, as MathML: browsers draw it themselves, without
 * fonts or scripts of ours. A formula that does not parse is shown as it was typed.
 */
export function mathPlugin(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("escape", "math", (state, silent) => {
    // A dollar sign of a price: followed by a space, or the closing one preceded by a space or followed by a digit.
    const sticky = /\$\$([^$]+)\$\$|\$(?![\s$])((?:\\.|[^$\\`])*?(?:\\.|[^\s\\$`]))\$(?!\d)/y;
    sticky.lastIndex = state.pos;
    const match = sticky.exec(state.src);
    if (!match) return false;
    if (!silent) {
      const token = state.push("math", "", 0);
      token.content = match[1] ?? match[2] ?? "";
      token.block = match[1] !== undefined;
    }
    state.pos += match[0].length;
    return true;
  });
  markdown.renderer.rules["math"] = (tokens, index) => {
    const { content = "", block = false } = tokens[index] ?? {};
    return formula(content, block);
  };
}

function formula(tex: string, displayMode: boolean): string {
  try {
    return temml.renderToString(tex, { displayMode, throwOnError: true });
  } catch {
    return `<code>${escapeHtml(tex)}</code>`;
  }
}
