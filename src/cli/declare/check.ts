import { CommandError } from "../command-error.ts";
import { printable } from "../output.ts";
import { compareData } from "./check-data.ts";
import { compareStatements, readScript } from "./check-script.ts";
import { compareTypes } from "./check-types.ts";
import { type Parsed, parseText } from "./parse.ts";

/**
 * Compares the files that stand there with those that would be written now, by what they say. Their layout does not count, nor
 * do the tool's version and the command in the first comment.
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
    before = parseText(old, printable(name), language);
  } catch (error) {
    // Whoever has edited the file may have left it broken.
    if (error instanceof CommandError) return [error.message.replace(/\.$/, "")];
    throw error;
  }
  const after = parseText(now, name, language);
  return isTypes ? typesDifference(before, after, old, now) : scriptDifference(before, after, old, now);
}

function scriptDifference(before: Parsed, after: Parsed, old: string, now: string): readonly string[] {
  const [script, other] = [readScript(before), readScript(after)];
  if (script.data === undefined) return ["it has no default export, so it is no declaration file"];
  const data = compareData(script.data, other.data);
  const [is, wouldBe] = [subjectOf(old), subjectOf(now)];
  if (is !== undefined && wouldBe !== undefined && nameIn(is) !== nameIn(wouldBe) && data.length > 0) {
    return [`it is the file of ${is}, and not of ${wouldBe}`];
  }
  const found = [...versionDifference(is, wouldBe), ...data, ...compareStatements(script.statements, other.statements)];
  return found.length > 0 ? found : [...headerDifference(old, now)];
}

function typesDifference(before: Parsed, after: Parsed, old: string, now: string): readonly string[] {
  const found = compareTypes(before, after);
  return found.length > 0 ? found : [...headerDifference(old, now)];
}

/** The package and its version, or the module, in the first line of the first comment. */
function subjectOf(text: string): string | undefined {
  return /^\/\*\r?\n \* The interface of (.+), for unglue\.\r?\n/.exec(text)?.[1];
}

function nameIn(subject: string): string {
  return subject.split(" ", 1)[0] ?? "";
}

function* versionDifference(is: string | undefined, wouldBe: string | undefined): Generator<string> {
  if (is !== undefined && wouldBe !== undefined && is !== wouldBe) yield `it is of ${is}, and would be of ${wouldBe}`;
}

/** Names the first line of the first comment that differs. */
function* headerDifference(old: string, now: string): Generator<string> {
  const [before, after] = [headerOf(old), headerOf(now)];
  if (!before) {
    yield "the comment at its start is missing";
    return;
  }
  const at = after?.findIndex((line, index) => line !== before[index]) ?? -1;
  const index = at < 0 ? (after?.length ?? 0) : at;
  const [is = "nothing", wouldBe = "nothing"] = [before[index], after?.[index]];
  if (is !== wouldBe) yield `the comment at its start says \`${is}\`, and would say \`${wouldBe}\``;
}

/** The lines of the first comment, without the tool's version and the command. */
function headerOf(text: string): readonly string[] | undefined {
  const [, header] = /^\/\*\r?\n((?: \*.*\r?\n)+) \*\/\r?\n/.exec(text) ?? [];
  return header
    ?.replace(/( \* Read from .* by unglue )\S+ Write it again with: .*/, "$1…")
    .split(/\r?\n/)
    .map((line) => line.replace(/^ \* ?/, ""));
}
