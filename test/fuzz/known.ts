import { UnglueError } from "../../src/errors/unglue-error.ts";

/** A reason for which the reader refuses, on purpose, what an engine takes. */
interface Known {
  readonly why: string;
  /** Whether this is the reason: the section, the last byte read and the one before it, and the reader's words. */
  applies(section: string | undefined, last: number, before: number, message: string): boolean;
}

/** All of them: a module that the reader alone refuses for another reason fails the run. */
const readerOnly: readonly Known[] = [
  {
    why: "a tag's attribute is one byte, 0; V8 reads a number, which may take more bytes",
    applies: (section, last, before) => last === 0x80 && (section === "tag" || (section === "import" && before === 4)),
  },
  {
    why: "an abstract heap type is one byte; V8 reads a negative number, which may take more bytes",
    applies: (_, last, before) => last === 0x7f && before >= 0xe8,
  },
  {
    why: "stringref, of a proposal that was given up (behind a flag)",
    applies: (_, last) => last === 0x67,
  },
  {
    why: "tags with results, of stack switching (behind a flag)",
    applies: (_, __, ___, message) => message.includes("a tag has results"),
  },
  {
    why: "shared globals, of shared-everything threads (behind a flag)",
    applies: (section, last, before) =>
      (section === "import" || section === "global") && (last === 2 || last === 3) && before >= 0x60,
  },
  {
    why: "compact imports, of a proposal (behind a flag)",
    applies: (section, last, before) => section === "import" && before === 0 && (last === 0x7e || last === 0x7f),
  },
];

/** Why the reader refused what an engine takes; `undefined` for no known reason. */
export function knownReason(error: unknown, bytes: Uint8Array): string | undefined {
  if (!UnglueError.is(error, "malformed")) return undefined;
  const { section, offset } = error.details;
  const [last = 0, before = 0] = [bytes[offset], bytes[offset - 1]];
  return readerOnly.find(({ applies }) => applies(section, last, before, error.message))?.why;
}
