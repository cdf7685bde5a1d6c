import { CommandError } from "../command-error.ts";
import { printable } from "../output.ts";
import { type Comments, compareComments, readComments } from "./check-comments.ts";
import { compareData } from "./check-data.ts";
import { compareStatements, readScript } from "./check-script.ts";
import { compareTypes } from "./check-types.ts";
import { type Parsed, parseText } from "./parse.ts";

/**
 * Compares the files that stand there with those that would be written now, by what they say: the data and the other statements,
 * the types, and the comments. The layout does not count: spaces, the ends of lines, a byte order mark. Nor do the tool's version
 * and the command in the first comment.
 *
 * @param old - The text of the file.
 * @param now - The text that would be written.
 * @param name - The file's name, for messages.
 * @returns The differences in words; none if both say the same.
 */
export function compareFiles(old: string, now: string, name: string): readonly string[] {
  if (old === now) return [];
  const isTypes = /\.m?ts$/.test(name);
  const language = isTypes ? "declarations" : "script";
  let before: Parsed;
  try {
    before = parseText(old.replace(/^\ufeff/, ""), printable(name), language);
  } catch (error) {
    // Whoever has edited the file may have left it broken.
    if (error instanceof CommandError) return [error.message.replace(/\.$/, "")];
    throw error;
  }
  const after = parseText(now, name, language);
  const [is, wouldBe] = [readComments(before), readComments(after)];
  const found = isTypes ? compareTypes(before, after) : scriptDifference(before, after, is, wouldBe);
  return found.length > 0 ? found : [...compareComments(is, wouldBe)];
}

function scriptDifference(before: Parsed, after: Parsed, is: Comments, wouldBe: Comments): readonly string[] {
  const [script, other] = [readScript(before), readScript(after)];
  if (script.data === undefined) return ["it has no default export, so it is no declaration file"];
  const data = compareData(script.data, other.data);
  const { subject } = is;
  const now = wouldBe.subject;
  if (subject !== undefined && now !== undefined && nameIn(subject) !== nameIn(now) && data.length > 0) {
    return [`it is the file of ${subject}, and not of ${now}`];
  }
  return [...versionDifference(subject, now), ...data, ...compareStatements(script.statements, other.statements)];
}

function nameIn(subject: string): string {
  return subject.split(" ", 1)[0] ?? "";
}

function* versionDifference(is: string | undefined, wouldBe: string | undefined): Generator<string> {
  if (is !== undefined && wouldBe !== undefined && is !== wouldBe) yield `it is of ${is}, and would be of ${wouldBe}`;
}
