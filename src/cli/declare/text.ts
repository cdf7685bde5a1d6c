import { shellWord } from "../output.ts";

/** Everything that stands in a printed file passes through one of these: strangers chose the names and the comments. */

/** Characters that end a line, hide, or turn the direction of text. */
const unseen =
  // eslint-disable-next-line no-control-regex -- they are looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * Writes a text as a string of JavaScript and TypeScript, in ASCII.
 *
 * @param text - The text.
 */
export function quote(text: string): string {
  // No HTML parser that reads the file as a script may find an end or a comment in it.
  return escapeAll(JSON.stringify(text))
    .replaceAll(/<(?=[!/])/g, "\\u003c")
    .replaceAll("-->", "--\\u003e");
}

function escapeAll(text: string): string {
  return text.replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Writes the name of a property of a type or an object: in quotes unless it is plain.
 *
 * @param name - The name.
 */
export function keyText(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : quote(name);
}

/** Words that cannot name a type or a variable. */
const reserved = new Set(
  (
    "any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else " +
    "enum eval export extends false finally for function global if implements import in infer instanceof interface is keyof let " +
    "module namespace never new null number object of package private protected public readonly require return static string " +
    "super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield"
  ).split(" "),
);

/**
 * Whether a name can name a type or a variable.
 *
 * @param name - The name.
 */
export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) && !reserved.has(name);
}

/**
 * Writes a text as a comment of documentation, with a line break at the end.
 *
 * @param text - The text.
 * @param indent - The spaces before each line.
 */
export function commentText(text: string, indent: string): string {
  const lines = text.split("\n").map((line) => commentLine(line));
  const [only = ""] = lines;
  if (lines.length === 1) return `${indent}/** ${only} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/**
 * Quotes a word of a command for a shell, so that {@link commentLine} has nothing to change in it.
 *
 * @param word - The word.
 */
export function commandWord(word: string): string {
  const quoted = shellWord(word);
  // The characters that would end the comment or a script are in quotes, which may end and begin again within a word.
  const seam = quoted.startsWith("$'") ? "'$'" : "''";
  return quoted.replaceAll(/\*(?=\/)|<(?=!--|\/script)/gi, (start) => start + seam);
}

/** Makes a line that neither ends a comment nor a script. */
export function commentLine(line: string): string {
  return (
    line
      .replaceAll(unseen, " ")
      // A surrogate alone cannot be written in UTF-8.
      .replaceAll(/\p{Cs}/gu, " ")
      .replaceAll("*/", "*\\/")
      .replaceAll(/<(?=!--|\/script)/gi, "<\\")
      .trimEnd()
  );
}
