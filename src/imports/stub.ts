import { invalidOption } from "../errors/invalid.ts";
import { importText } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { FunctionType, ImportFunction, ImportShape, MissingPolicy, ValueType } from "../public/index.ts";
import { signatureText } from "../base/type-text.ts";

/** The result by which an import reports that it is unavailable. */
export interface Answer {
  readonly value: number;
  /** The value in words. */
  readonly text: string;
}

/** Returns the hint about an import, if anything is known of it. */
export type Hint = (wanted: ImportShape) => string | undefined;

/** The facts that the stubs of an instance share. */
export interface Stubs {
  /** Receives the text of `"warn"`. */
  readonly warn: (message: string) => void;
  /** Called with each error that a stub is about to throw. */
  readonly threw: (error: UnglueError) => void;
  /** Returns the value by which an import reports that it is unavailable. */
  readonly answerOf: (wanted: ImportShape) => Answer | undefined;
}

/** The result of a stub. */
interface Result {
  readonly value: () => unknown;
  readonly text: string;
  /** The reason why it is not zero, as the end of a sentence. */
  readonly reason: string;
}

/**
 * Makes the stub for a missing function import.
 *
 * @param wanted - The import.
 * @param policy - The policy of the stub; never `"error"`.
 * @param hint - Returns the hint about the import.
 * @param stubs - The facts that it shares with the others.
 */
export function createStub(wanted: ImportShape, policy: MissingPolicy, hint: Hint, stubs: Stubs): ImportFunction {
  if (typeof policy === "function") return custom(wanted, policy);
  const type = typeOf(wanted);
  if (throwsBy(policy, type)) return trap(wanted, hint, stubs);
  const answer = answerTo(wanted, type, stubs.answerOf);
  return policy === "zero" ? answer.value : warning(wanted, answer, stubs.warn);
}

/**
 * Makes the function that describes such stubs for the report.
 *
 * @param policy - Their policy.
 * @param hint - Returns the hint about an import.
 * @param answerOf - Returns the value by which an import reports that it is unavailable.
 */
export function describerOf(
  policy: MissingPolicy,
  hint: Hint,
  answerOf: Stubs["answerOf"],
): (wanted: ImportShape) => string {
  return (wanted) => {
    const told = hint(wanted);
    const evidence = evidenceOf(wanted, policy, answerOf);
    return told === undefined ? evidence : `${evidence}. ${told}`;
  };
}

function evidenceOf(wanted: ImportShape, policy: MissingPolicy, answerOf: Stubs["answerOf"]): string {
  if (typeof policy === "function") return "made by the function given as its policy";
  if (policy === "trap") return 'policy "trap": throws when called';
  const type = typeOf(wanted);
  const barren = barrenIn(type);
  if (barren !== undefined) return `policy "${policy}", but ${barren} has no zero: throws when called`;
  const { text, reason } = answerTo(wanted, type, answerOf);
  return `policy "${policy}": ${policy === "zero" ? "" : "warns once and "}returns ${text}${reason}`;
}

/** Its own function, so that a stub keeps no more than this alive: a module may have hundreds, and a server many instances. */
function trap(wanted: ImportShape, hint: Hint, stubs: Stubs): () => never {
  return () => {
    const error = missingCalled(wanted, typeOf(wanted), hint(wanted));
    stubs.threw(error);
    throw error;
  };
}

function typeOf(wanted: ImportShape): FunctionType | undefined {
  return wanted.kind === "function" ? wanted.type : undefined;
}

/** Whether a stub throws: by its policy, or for want of a zero. */
function throwsBy(policy: MissingPolicy, type: FunctionType | undefined): boolean {
  return policy === "trap" || barrenIn(type) !== undefined;
}

/** Returns a type of result that has no zero. */
function barrenIn(type: FunctionType | undefined): ValueType | undefined {
  return type?.results.find((result) => !hasZero(result));
}

function answerTo(wanted: ImportShape, type: FunctionType | undefined, answerOf: Stubs["answerOf"]): Result {
  return libcAnswer(answerOf(wanted), type) ?? { value: zeroOf(type), text: zeroText(type), reason: "" };
}

function custom(wanted: ImportShape, policy: (missing: ImportShape) => ImportFunction): ImportFunction {
  const stub: unknown = policy(wanted);
  if (typeof stub === "function") return stub as ImportFunction;
  throw invalidOption("instantiate", `what missing returns for ${importText(wanted)}`, "a function", stub);
}

function missingCalled(
  wanted: ImportShape,
  type: FunctionType | undefined,
  hint: string | undefined,
): UnglueError<"missing-import-called"> {
  const { module, name } = wanted;
  return new UnglueError(
    "missing-import-called",
    `The module called its import ${importText(wanted)}${type ? ` of type ${signatureText(type)}` : ""}, which nothing provides. ` +
      (hint === undefined ? "" : `${hint} `) +
      "Give it in `imports`, or let a policy in `missing` answer for it.",
    { module, name, ...(type && { type }) },
  );
}

function warning(wanted: ImportShape, { value, text }: Result, warn: (message: string) => void): () => unknown {
  // Only once, because a hot import would flood the log.
  let warned = false;
  return () => {
    if (!warned) {
      warned = true;
      warn(`The module called its import ${importText(wanted)}, which nothing provides; it returned ${text}.`);
    }
    return value();
  };
}

/** The result of a C library's import instead of zero; `undefined` for other imports, or if it does not return one number. */
function libcAnswer(answer: Answer | undefined, type: FunctionType | undefined): Result | undefined {
  const [word = "i32", ...others] = type?.results ?? [];
  if (!answer || others.length > 0 || (word !== "i32" && word !== "i64") || type?.results.length === 0)
    return undefined;
  const value = word === "i64" ? BigInt(answer.value) : answer.value;
  return { value: () => value, text: answer.text, reason: ", since zero would tell the C library that all went well" };
}

/** Without a type, the result is `false`, which converts to the zero of any number type: 0, 0n or 0.0. */
function zeroOf(type: FunctionType | undefined): () => unknown {
  if (type === undefined) return () => false;
  const [first, ...others] = type.results.map((result) =>
    result === "i64" ? 0n : result.endsWith("ref") || result.startsWith("(") ? null : 0,
  );
  return others.length === 0 ? () => first : () => [first, ...others];
}

function zeroText(type: FunctionType | undefined): string {
  if (type === undefined) return "false, which is the zero of any one number";
  return type.results.length === 0 ? "nothing" : `the zero of ${type.results.join(", ")}`;
}

function hasZero(type: ValueType): boolean {
  return type !== "v128" && !/exn|cont/.test(type) && (!type.startsWith("(") || type.startsWith("(ref null"));
}
