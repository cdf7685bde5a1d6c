import type { FunctionType, Shape } from "../../../public/index.ts";
import type { StatedClosure } from "../../../toolchains/wasm-bindgen/options.ts";
import { codeOf } from "./codes.ts";
import { unaccountedEffect } from "./accounted.ts";
import { type Effect, type Evaluation, unlessTooLong } from "./evaluation.ts";
import { errorOf, resultType, takeWords } from "./exports.ts";
import { moduleCall } from "./module-call.ts";
import { isSameWord } from "./memory.ts";
import { callFunction } from "./statements.ts";
import { isConstant, nothing, type Term } from "./term.ts";

/** A JavaScript function that runs a closure of the module. */
export interface GlueClosure {
  readonly stated: StatedClosure;
  /** The code of the closure's type. */
  readonly code: string;
  /** The two words that stand for the closure. */
  readonly words: readonly Term[];
  /** The codes of its parameters. */
  readonly codes: readonly string[];
}

/**
 * Reads a function that runs a closure of the module, by calling it.
 *
 * @param evaluation - The evaluation that made the function.
 * @param term - The function.
 * @param shape - The module.
 */
export function readClosure(
  evaluation: Evaluation,
  term: Extract<Term, { kind: "function" }>,
  shape: Shape | undefined,
): GlueClosure | undefined {
  const before = evaluation.effects.length;
  // A closure that may only be called during a call is dead after it.
  const during = evaluation.effects.find((one) => one.kind === "call" && one.term.args.includes(term));
  const values = during?.kind === "call" ? during.values : undefined;
  const self: Evaluation = {
    ...evaluation,
    effects: [],
    values: new Map(values ?? evaluation.values),
    guards: [],
    hasHandler: false,
  };
  const args: readonly Term[] = [{ kind: "spread", of: { kind: "arguments", from: 0 } }];
  const result = unlessTooLong(() => callFunction(self, term, args, nothing));
  if (!result) return undefined;
  evaluation.effects.length = before;
  const call = moduleCall(self);
  if (!call || typeof call.effect.callee !== "string") return undefined;
  const [data, table, ...words] = call.words;
  if (data?.kind !== "param" || table?.kind !== "param") return undefined;
  const { callee } = call.effect;
  const type = typeOfExport(shape, callee);
  const skipped = call.area ? 3 : 2;
  const codes: string[] = [];
  let at = 0;
  for (let index = 0; at < words.length; index++) {
    const taken = takeWords(self, words, at, { kind: "param", index, name: "" });
    if (!taken) return undefined;
    const last = type?.params[skipped + at + taken.count - 1];
    const code = codeOf(taken.type, { word: last, isOwned: true });
    if (code === undefined) return undefined;
    codes.push(code);
    at += taken.count;
  }
  const returned = resultType(self, call, result);
  const error = errorOf(self, call);
  if (!returned || error === "unknown") return undefined;
  const throws = error !== undefined;
  const code = codeOf(returned, { word: resultWord(type, result), isOwned: true });
  if (code === undefined) return undefined;
  const calledAt = self.effects.indexOf(call.effect);
  const isMutable = self.effects
    .slice(0, calledAt)
    .some(
      (one) =>
        one.kind === "set" &&
        isConstant(one.value, 0) &&
        one.target.kind === "member" &&
        one.target.of.kind === "record",
    );
  const destroy = self.effects.find(
    (one) =>
      one.kind === "wasm" &&
      one !== call.effect &&
      one.args.length === 2 &&
      one.args[1] &&
      isSameWord(one.args[1], table),
  );
  if (unaccountedEffect(self, call, (one) => one === destroy || isMark(one)) || swallows(self)) return undefined;
  const signature = `${isMutable ? "mut " : ""}(${codes.join(",")})->${throws ? "!" : ""}${code}`;
  return {
    stated: { call: callee, signature, ...(destroy?.kind === "wasm" && { destroy: destroy.callee }) },
    code: `${isMutable ? "Mut" : "Fn"}(${codes.join(",")})${throws ? "!" : ""}${code}`,
    words: [data, table],
    codes,
  };
}

/** Whether exceptions end in the function. Where Rust unwinds, they are looked at and thrown again. */
function swallows({ hasHandler, effects }: Evaluation): boolean {
  return hasHandler && !effects.some((one) => one.kind === "throw" && one.guards.some(({ kind }) => kind === "caught"));
}

/** Whether a closure is marked as running, or its address is put back. */
function isMark(effect: Effect): boolean {
  return effect.kind === "set" && effect.target.kind === "member" && effect.target.of.kind === "record";
}

/** The type of an export. */
export function typeOfExport(shape: Shape | undefined, name: string): FunctionType | undefined {
  const found = shape?.exports.find((one) => one.name === name);
  return found?.kind === "function" ? found.type : undefined;
}

/** The type of the word that a result is made of, if it is one. */
function resultWord(type: FunctionType | undefined, result: Term): FunctionType["results"][number] | undefined {
  const read = result.kind === "read" ? result : undefined;
  if (read) {
    const wide = { f32: "f32", f64: "f64", i64: "i64", u64: "i64" } as const;
    const { element } = read;
    return element === "f32" || element === "f64" || element === "i64" || element === "u64" ? wide[element] : "i32";
  }
  return type?.results[0];
}
