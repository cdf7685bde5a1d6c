import type { Function as FunctionNode } from "@babel/types";
import type { FunctionType, ValueType } from "../../../../public/index.ts";
import type { StatedClosure } from "../../../../toolchains/wasm-bindgen/options.ts";
import type { Glue } from "../evaluation.ts";
import type { Model, ModelCall } from "./model.ts";
import { type Call, keeps, plain, valueAt } from "./trial.ts";
import { Callable, List, Thing, Thrown, type Value } from "./values.ts";

/** The two words of the closure that is tried. */
const [data, table] = [81_000, 82_000];

/** A closure, and what is known about the export that runs it. */
export interface Tried {
  readonly stated: StatedClosure;
  readonly type: FunctionType | undefined;
  readonly codes: readonly string[];
}

/**
 * Whether a function of the text makes a closure that is run, marked as running, and destroyed as wasm-bindgen's are: it is
 * called, again, from inside of itself, and when the module throws; and it is released, also while it runs.
 *
 * @param glue - The generated JavaScript.
 * @param node - The function.
 * @param tried - The closure.
 */
export function runsAsStated(glue: Glue, node: FunctionNode, tried: Tried): boolean {
  return [isCalled, isRecursive, fails, isReleased, isReleasedInside].every((isKept) =>
    keeps(
      glue,
      node,
      (call, model) => {
        const made = call(data, table, 83_000, 84_000);
        const closure = made instanceof Callable ? made : valueAt(glue, model, made);
        const words = [data, table] as const;
        return (
          closure instanceof Callable && isKept({ ...tried, model, closure, words, call: bound(closure, tried.codes) })
        );
      },
      plain,
    ),
  );
}

/** A closure in a model of the module. */
interface Trial extends Tried {
  readonly model: Model;
  readonly closure: Callable;
  /** The address of its data, and of its table. */
  readonly words: readonly [data: number, table: number];
  readonly call: Call;
}

/**
 * Whether a closure that is lent for a call runs as wasm-bindgen's do: it is called, again, from inside of itself, and when the
 * module throws.
 *
 * @param trial - The closure, without the function that calls it.
 */
export function runsWhileLent(trial: Omit<Trial, "call">): boolean {
  const made = { ...trial, call: bound(trial.closure, trial.codes) };
  return [isCalled, isRecursive, fails].every((isKept) => isKept(made));
}

/** Whether a closure that was lent calls the module with no address. The module refuses such calls. */
export function isDead(trial: Omit<Trial, "call">): boolean {
  const made = { ...trial, call: bound(trial.closure, trial.codes) };
  const { calls } = observe(made, made.call);
  return calls.length === 1 && calls.every(({ args }) => !args.includes(trial.words[0]));
}

/** Calls a closure with values of the types of its parameters. */
function bound(closure: Callable, codes: readonly string[]): Call {
  const args = codes.map(sampleOf);
  return () => closure.call(args, undefined, false);
}

function sampleOf(code: string, at: number): Value {
  if (code.startsWith("?")) return undefined;
  if (code.startsWith("&[") || code.startsWith("[")) {
    const isWide = /^[IU]/.test(code.replace(/^&?\[/, ""));
    return new List(isWide ? [1n, 2n] : [1, 2]);
  }
  if (/^[sS]$/.test(code)) return `text ${at}`;
  if (code === "c") return "c";
  if (code === "b") return true;
  if (/^([IU]|[iu]128)$/.test(code)) return BigInt(7 + at);
  if (/^[hH]$/.test(code)) return new Thing();
  return 7 + at;
}

/** The result of the module for no value. */
function nothingOf(types: readonly ValueType[] | undefined): Value {
  const values = (types ?? []).map((one): Value => (one === "i64" ? 0n : one === "externref" ? undefined : 0));
  return values.length > 1 ? new List(values) : values[0];
}

/** Runs something while the module answers calls of the closure. Returns the calls of the closure, and of what destroys it. */
function observe(
  { model, stated, type }: Trial,
  run: () => void,
  inside?: () => void,
): { readonly calls: readonly ModelCall[]; readonly ends: readonly ModelCall[]; readonly hasEnded: boolean } {
  const calls: ModelCall[] = [];
  let hasEnded = false;
  const first = model.called.length;
  model.answer = (made) => {
    if (made.callee !== stated.call) return undefined;
    calls.push(made);
    if (calls.length === 1) inside?.();
    hasEnded ||= endsOf(model, first, stated).length > 0;
    return { value: nothingOf(type?.results) };
  };
  try {
    run();
  } finally {
    model.answer = undefined;
  }
  return { calls, ends: endsOf(model, first, stated), hasEnded };
}

/** The calls of the function that destroys the closure. */
function endsOf({ called }: Model, first: number, { destroy }: StatedClosure): readonly ModelCall[] {
  return called.slice(first).filter(({ callee }) => destroy !== undefined && callee === destroy);
}

/** Whether a call has the words of the closure. An export that returns several words in memory takes their address first. */
function isOf({ args }: ModelCall, [address, behind]: readonly [number, number]): boolean {
  const at = args.findIndex((one) => one === address);
  return (at === 0 || at === 1) && args[at + 1] === behind;
}

function isCalled(trial: Trial): boolean {
  return [1, 2, 3].every(() => {
    const { calls, ends } = observe(trial, trial.call);
    return ends.length === 0 && calls.length === 1 && calls.every((one) => isOf(one, trial.words));
  });
}

function isRecursive(trial: Trial): boolean {
  // The address of one that changes itself is 0 while it runs: the module refuses that.
  const [address, behind] = trial.words;
  const inner = trial.stated.signature.startsWith("mut ") ? 0 : address;
  const { calls, ends } = observe(trial, trial.call, trial.call);
  const [first, second] = calls;
  const isKept = first && second && isOf(first, trial.words) && isOf(second, [inner, behind]);
  return calls.length === 2 && ends.length === 0 && Boolean(isKept) && isCalled(trial);
}

function fails(trial: Trial): boolean {
  const error = new Thing();
  let thrown: Value;
  const { calls, ends } = observe(
    trial,
    () => {
      try {
        trial.call();
      } catch (caught) {
        if (!(caught instanceof Thrown)) throw caught;
        thrown = caught.value;
      }
    },
    () => {
      throw new Thrown(error);
    },
  );
  return thrown === error && calls.length === 1 && ends.length === 0 && isCalled(trial);
}

/** Releases a closure as the module does. Returns whether the module destroys it by itself. */
function release({ closure }: Trial): boolean {
  const unref = closure.members.get("_wbg_cb_unref");
  if (unref instanceof Callable) {
    unref.call([], closure, false);
    return false;
  }
  const state = closure.members.get("original");
  const count = state instanceof Thing ? state.members.get("cnt") : undefined;
  if (!(state instanceof Thing) || typeof count !== "number") throw new Thrown("not a closure");
  state.members.set("cnt", count - 1);
  if (count !== 1) return false;
  state.members.set("a", 0);
  return true;
}

function isReleased(trial: Trial): boolean {
  const { known } = trial.model.program.registrations;
  const [registered] = known.filter(({ held }) => held instanceof Thing);
  const collected = observe(trial, () => registered?.callback.call([registered.held], undefined, false));
  if (registered && (collected.ends.length !== 1 || !collected.ends.every((one) => isOf(one, trial.words))))
    return false;
  const outcome = { isTaken: false };
  const { ends } = observe(trial, () => {
    outcome.isTaken = release(trial);
  });
  return outcome.isTaken ? ends.length === 0 : ends.length === 1 && ends.every((one) => isOf(one, trial.words));
}

function isReleasedInside(trial: Trial): boolean {
  const outcome = { isTaken: false };
  const { calls, ends, hasEnded } = observe(trial, trial.call, () => {
    outcome.isTaken = release(trial);
  });
  return (
    !outcome.isTaken &&
    !hasEnded &&
    calls.length === 1 &&
    ends.length === 1 &&
    ends.every((one) => isOf(one, trial.words))
  );
}
