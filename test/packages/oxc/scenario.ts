import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The result of a parse. */
export interface ParseResult {
  readonly programJson: string;
  readonly comments: unknown[];
  readonly errors: unknown[];
  free(): void;
}

/** The exports of @oxc-parser/wasm. */
export interface Oxc {
  parseSync(source: string, options?: unknown): ParseResult;
}

/** Real input: sources by file name. */
export interface OxcInput {
  readonly files: Readonly<Record<string, string>>;
}

const bad = ["let = ;", "let a; let a;", "function (", "'", "/* é", "`${", "日本 🚀 = 1", "\u0000", "return", "<a>"];

/** The scenario of the parser. */
export const oxcScenario: Scenario<Oxc, OxcInput> = {
  "parses large real files into equal JSON": (oxc, { files }) =>
    Object.entries(files).map(([sourceFilename, source]) => {
      const { program, ...rest } = parse(oxc, source, { sourceFilename });
      const { type, body } = JSON.parse(program) as { type: string; body: unknown[] };
      return { sourceFilename, program, type, statements: body.length, ...rest };
    }),

  "reports the errors of bad sources": (oxc) => bad.map((source) => outcome(() => parse(oxc, source))),

  "takes options, and throws for bad ones": (oxc) => [
    parse(oxc, "let x: number = <T>1", { sourceFilename: "a.ts" }),
    parse(oxc, "let x: number = 1", { sourceFilename: "a.js" }),
    parse(oxc, "let x = <a b={c}>é</a>", { sourceFilename: "日本.tsx" }),
    parse(oxc, "await 1", { sourceType: "script" }),
    parse(oxc, "await 1", { sourceType: "module" }),
    parse(oxc, "a", null),
    outcome(() => parse(oxc, "a", 5)),
    outcome(() => parse(oxc, "a", { sourceFilename: 5 })),
    outcome(() => parse(oxc, "a", { sourceFilename: { deep: [undefined, 1] } })),
  ],

  "counts offsets in text that is not ASCII": (oxc) => [
    parse(oxc, "/*é*/ // 日本\nlet s = '🚀' + /é/u + 12345678901234567890n;"),
    parse(oxc, ""),
    parse(oxc, "\uFEFFlet a = '\u2028';"),
  ],
};

function parse(oxc: Oxc, source: string, options?: unknown) {
  const result = oxc.parseSync(source, options);
  const { programJson: program, comments, errors } = result;
  result.free();
  return { program, comments: JSON.stringify(comments), errors };
}

/** Objects with values of JavaScript, and options that make the call throw. */
export const oxcRounds: Rounds<Oxc, OxcInput> = {
  start: (oxc) => () => {
    parse(oxc, "/*é*/ let a = '🚀'", { sourceFilename: "日本.ts" });
    parse(oxc, "let = ;");
    outcome(() => parse(oxc, "a", { sourceFilename: 5 }));
  },
};
