/**
 * Prints a piece of Rust as rustc prints tokens, which is the text that wasm-bindgen hashes: with a space between most of
 * them, and lines that end before column 78.
 *
 * Source: `rustc_ast_pretty`, compared with what rustc 1.95 prints for every signature of js-sys and web-sys.
 *
 * @param source - The piece, with any spacing.
 * @returns Its tokens, printed.
 */
export function printed(source: string): string {
  const tokens = source.match(/->|::|"[^"]*"|'?[\w#]+|\S/g) ?? [];
  let depth = 0;
  /** For each token: how deep in brackets it is, and whether a space or a line break may stand before it. */
  const depths: number[] = [];
  const breaks = tokens.map((token, index) => {
    const before = tokens[index - 1] ?? "(";
    if (closes(token)) depth--;
    depths.push(depth);
    if (opens(token)) depth++;
    const joined =
      opens(before) ||
      closes(token) ||
      (/[,;]/.test(token) && /[\w")\]]$/.test(before)) ||
      (token === "(" && /\w$/.test(before) && !/^(mut|dyn|as|in|where|impl|for)$/.test(before)) ||
      (token === "[" && before === "#");
    return !joined;
  });
  /** Returns the width from a token to the next break that is not deeper than `limit`. */
  const width = (from: number, limit: number, first: boolean): number => {
    let sum = 0;
    for (let index = from; index < tokens.length; index++) {
      if (breaks[index] && (first || index > from)) {
        if ((depths[index] as number) <= limit) break;
        sum++;
      }
      sum += (tokens[index] as string).length;
    }
    return sum;
  };

  let text = "";
  let space = 78;
  /** Whether the enclosing brackets, outermost first, are too wide for their line. */
  const wide = [true];
  tokens.forEach((token, index) => {
    const limit = depths[index] as number;
    if (closes(token)) wide.pop();
    if (breaks[index]) {
      const wraps = wide.at(-1) && 1 + width(index, limit, false) > space;
      text += wraps ? "\n" : " ";
      space = wraps ? 78 : space - 1;
    }
    text += token;
    space -= token.length;
    if (opens(token)) wide.push(wide.at(-1) === true && width(index + 1, limit, true) > space);
  });
  return text;
}

function opens(token: string): boolean {
  return token === "(" || token === "[";
}

function closes(token: string): boolean {
  return token === ")" || token === "]";
}
