import { styleText } from "node:util";
import { messageOf } from "../errors/caught.ts";
import { UnglueError } from "../node.ts";
import { CommandError } from "./command-error.ts";

/** Where a command writes, and how. */
export interface Output {
  /** Columns for text, at most. */
  readonly width: number;
  /** Whether a terminal reads the standard output, and obeys control characters in it. */
  readonly isTerminal: boolean;
  /** Writes to the standard output. */
  readonly write: (text: string) => void;
  /** Writes a line to the standard error: progress, remarks and errors. */
  readonly remark: (text: string) => void;
  /** Formats a heading or another text that stands out; plain where there is no color. */
  readonly strong: (text: string) => string;
  /** Formats a text of less importance; plain where there is no color. */
  readonly faint: (text: string) => string;
}

/**
 * The output of this process. Text that a person reads has colors in a terminal that shows them, unless `NO_COLOR` is set, and
 * everywhere with `FORCE_COLOR`.
 */
export function processOutput(): Output {
  const { stdout, stderr } = process;
  // Node reads both variables, but only for a terminal.
  const isForced = /^(|true|[123])$/.test(process.env["FORCE_COLOR"] ?? "0");
  const hasColors = stdout.isTTY ? stdout.hasColors() : isForced;
  const styled = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    hasColors ? styleText(style, text, { validateStream: false }) : text;
  return {
    width: Math.max(40, Math.min((stdout.isTTY && stdout.columns) || 80, 100)),
    isTerminal: stdout.isTTY,
    write: (text) => void stdout.write(text),
    remark: (text) => void stderr.write(`${text}\n`),
    strong: styled("bold"),
    faint: styled("dim"),
  };
}

/**
 * Breaks a text into lines.
 *
 * @param text - The text; words are separated by spaces.
 * @param width - The columns of a line. A longer word has a line for itself.
 * @param indent - Columns before each line but the first.
 */
export function wrap(text: string, width: number, indent = 0): string {
  const [start = ""] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const word of text.slice(start.length).split(" ")) {
    const used = (lines.length === 0 ? start.length : indent) + line.length;
    if (line !== "" && used + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return start + [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/**
 * Makes a name printable: strangers choose names, and a terminal obeys control characters.
 *
 * @param name - The name.
 */
export function printable(name: string): string {
  return /^[!-~]+$/.test(name) && !name.includes('"') ? name : withoutControls(JSON.stringify(name));
}

/**
 * Escapes the characters of a text that a terminal obeys, or that reorder or hide others. Tabs and line breaks stay.
 *
 * @param text - The text.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(
    // eslint-disable-next-line no-control-regex -- they are what is escaped
    /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Quotes a word for a shell, if it needs quotes. A control character or a hidden one is escaped in the form `$'…'`, which bash, zsh
 * and ksh know: printed as it is, it would end the line or move the cursor.
 *
 * @param word - The word.
 */
export function shellWord(word: string): string {
  if (/^[\w@./:%+=,-]+$/.test(word)) return word;
  if (/^[\w@./:%+=,' -]+$/.test(word) && word.includes("'")) return `"${word}"`;
  if (withoutControls(word) === word && !/[\t\n]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = withoutControls(word.replaceAll(/[\\']/g, "\\$&"));
  return `$'${escaped.replaceAll("\t", "\\t").replaceAll("\n", "\\n")}'`;
}

/**
 * Formats a number of bytes.
 *
 * @param bytes - The number.
 * @returns As in `48 bytes`, `12.3 kB`, `1.7 MB`.
 */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * JSON of anything that a command prints. A bigint is written as a string of its digits, a typed array as an array, and a number
 * that JSON does not have as `"NaN"`, `"Infinity"`, `"-Infinity"` or `"-0"`.
 *
 * @param value - The value.
 */
export function toJson(value: unknown): string {
  const plain = (_: string, one: unknown): unknown => {
    if (typeof one === "bigint") return String(one);
    if (typeof one === "number" && !Number.isFinite(one)) return String(one);
    if (Object.is(one, -0)) return "-0";
    return ArrayBuffer.isView(one) && !(one instanceof DataView) ? Array.from(one as Uint8Array) : one;
  };
  return `${JSON.stringify(value, plain, 2)}\n`;
}

/**
 * JSON of an error: its code and message, and the details of those that have some.
 *
 * @param error - The error.
 * @param other - The code of an error that has none of its own.
 */
export function errorJson(error: unknown, other: "misuse" | "threw" = "misuse"): string {
  const message = messageOf(error);
  if (!(error instanceof UnglueError)) {
    const stated = error instanceof CommandError ? error.details : undefined;
    return toJson({ error: { code: other, message, ...(stated && { details: stated }) } });
  }
  const { code, details } = error as UnglueError;
  return toJson({ error: { code, message, details } });
}

/**
 * Writes a number of things.
 *
 * @param count - How many.
 * @param one - The word for one.
 * @param many - The word for several.
 */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
