import type { Comment } from "@babel/types";
import { shortened } from "./check-code.ts";
import type { Parsed } from "./parse.ts";

/** The comments of a declaration file, or of its types. */
export interface Comments {
  /** The package and its version, or the module, in the tool's first comment. */
  readonly subject: string | undefined;
  /** The lines of the tool's first comment, without the tool's version and the command; absent without that comment. */
  readonly header: readonly string[] | undefined;
  /** The texts of the others, on one line, with the lines in which they begin. */
  readonly others: readonly { readonly text: string; readonly line: number }[];
}

/**
 * Reads the comments of a file.
 *
 * @param parsed - The file.
 */
export function readComments({ file }: Parsed): Comments {
  const comments = file.comments ?? [];
  const first = comments.find(({ type, value }) => type === "CommentBlock" && opening.test(value));
  const lines = first && linesOf(first);
  return {
    subject: lines && /^The interface of (.+), for unglue\.$/.exec(lines[0] ?? "")?.[1],
    header: lines?.map((line) => line.replace(/^(Read from .* by unglue )\S+ Write it again with: .*/, "$1…")),
    others: comments
      .filter((one) => one !== first)
      .map((one) => ({ text: linesOf(one).join(" ").replaceAll(/\s+/g, " "), line: one.loc?.start.line ?? 1 })),
  };
}

const opening = /^\s*\* The interface of .*, for unglue\.\r?$/m;

/** The lines of a comment without its frame. */
function linesOf({ value }: Comment): readonly string[] {
  return value
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
}

/**
 * Compares the comments of two files.
 *
 * @param before - The comments that stand there.
 * @param after - Those that would be written.
 */
export function* compareComments(before: Comments, after: Comments): Generator<string> {
  yield* compareHeaders(before.header, after.header);
  const left = after.others.map(({ text }) => text);
  for (const { text, line } of before.others) {
    const at = left.indexOf(text);
    if (at < 0) yield `the comment \`${shortened(text)}\` in line ${line} would not be there`;
    else left.splice(at, 1);
  }
  for (const text of left) yield `the comment \`${shortened(text)}\` is missing`;
}

/** Names the first line of the first comment that differs. */
function* compareHeaders(before: Comments["header"], after: Comments["header"] = []): Generator<string> {
  if (!before) {
    yield "the comment at its start is missing";
    return;
  }
  const at = after.findIndex((line, index) => line !== before[index]);
  const index = at < 0 ? after.length : at;
  const [is = "nothing", wouldBe = "nothing"] = [before[index], after[index]];
  if (is !== wouldBe) yield `the comment at its start says \`${is}\`, and would say \`${wouldBe}\``;
}
