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

/** A stub, with a description for the report. */
export interface Stub {
  readonly value: ImportFunction;
  readonly evidence: string;
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
 * @param type - Its type; `undefined` if it is not known.
 * @param policy - The policy of the stub; never `"error"`.
 * @param warn - Receives the text of `"warn"`.
 * @param hint - Returns the hint about the import.
 * @param onThrow - Called with each error that the stub is about to throw.
 * @param answerOf - Returns the value by which an import reports that it is unavailable.
 */
export function createStub(
  wanted: ImportShape,
  type: FunctionType | undefined,
  policy: MissingPolicy,
  warn: (message: string) => void,
  hint: () => string | undefined,
  onThrow: (error: UnglueError) => void,
  answerOf: (wanted: ImportShape) => Answer | undefined,
): Stub {
  if (typeof policy === "function")
    return { value: custom(wanted, policy), evidence: "made by the function given as its policy" };
  const trap = (): never => {
    const error = missingCalled(wanted, type, hint());
    onThrow(error);
    throw error;
  };
  if (policy === "trap") return { value: trap, evidence: 'policy "trap": throws when called' };
  const barren = type?.results.find((result) => !hasZero(result));
  if (barren !== undefined)
    return { value: trap, evidence: `policy "${policy}", but ${barren} has no zero: throws when called` };
  const answer = libcAnswer(answerOf(wanted), type) ?? { value: zeroOf(type), text: zeroText(type), reason: "" };
  const { value, text, reason } = answer;
  if (policy === "zero") return { value, evidence: `policy "zero": returns ${text}${reason}` };
  return {
    value: warning(wanted, answer, warn),
    evidence: `policy "warn": warns once and returns ${text}${reason}`,
  };
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
