import type { Function as FunctionNode } from "@babel/types";
import type { FunctionType } from "../../../../public/index.ts";
import type { Glue } from "../evaluation.ts";
import { isDead, runsWhileLent, type Tried } from "./closures.ts";
import type { Model } from "./model.ts";
import { type Call, heapOf, keeps, plain, putInHeap, tried } from "./trial.ts";
import { Anything, Callable, Thing, Thrown, type Value } from "./values.ts";

/** An import that lends closures to the function that it calls. */
export interface Lending {
  readonly type: FunctionType | undefined;
  /** Whether it writes its result at an address, which it takes first. */
  readonly isStored: boolean;
  /** The arguments of the function: the codes of their types, the number of their words, and the closures. */
  readonly args: readonly {
    readonly code: string;
    readonly count: number;
    readonly closure: Tried | undefined;
  }[];
  /** The global variable by which it finds the function, if it does. */
  readonly global: string | undefined;
}

/** Each closure has two words of its own. */
const wordsOf = (at: number) => [81_000 + 100 * at, 82_000 + 100 * at] as const;

/**
 * Whether an import lends closures that run as wasm-bindgen's do, and that call nothing afterwards, also if the function that
 * takes them fails.
 *
 * @param glue - The generated JavaScript.
 * @param node - The function of the import.
 * @param lending - Its arguments.
 */
export function lendsClosures(glue: Glue, node: FunctionNode, lending: Lending): boolean {
  const closures = lending.args.flatMap(({ closure }) => (closure ? [closure] : []));
  const areAll = (model: Model, lent: readonly Callable[], test: typeof isDead): boolean =>
    lent.length === closures.length &&
    closures.every((one, at) => {
      const closure = lent[at];
      return closure !== undefined && test({ ...one, model, closure, words: wordsOf(at) });
    });
  const isLent = (call: Call, model: Model): boolean => {
    const outcome = { isRunning: false };
    const lent = lend({ glue, call, model, lending }, (given) => {
      outcome.isRunning = areAll(model, given, runsWhileLent);
    });
    return outcome.isRunning && areAll(model, lent, isDead);
  };
  const isLostByErrors = (call: Call, model: Model): boolean => {
    const lent = lend({ glue, call, model, lending }, () => {
      throw new Thrown(new Thing());
    });
    return areAll(model, lent, isDead);
  };
  // Builds for debugging print errors, which the interpreter does not.
  return keeps(glue, node, isLent, plain) && tried(glue, node, isLostByErrors, plain) !== false;
}

interface Lender {
  readonly glue: Glue;
  readonly call: Call;
  readonly model: Model;
  readonly lending: Lending;
}

/** Calls an import. Returns the functions that it passes to the one that it calls. */
function lend({ glue, call, model, lending }: Lender, use: (lent: readonly Callable[]) => void): readonly Callable[] {
  const { type, isStored, args, global } = lending;
  let lent: readonly Callable[] = [];
  const anything: Anything = new Anything((given) => {
    const functions = given.filter((one) => one instanceof Callable && !(one instanceof Anything));
    if (functions.length > 0) {
      lent = functions as Callable[];
      use(lent);
    }
    return anything;
  });
  if (global !== undefined) model.program.globals.set(global, anything);
  const isHeap = type ? !type.params.includes("externref") : heapOf(glue, model) !== undefined;
  let at = 0;
  const words = args.flatMap(({ code, count, closure }): readonly Value[] => {
    if (closure) return wordsOf(at++);
    if (/^\??[hH]$/.test(code)) return [isHeap ? putInHeap(glue, model, anything) : anything];
    return Array.from<Value>({ length: count }).fill(/^[IU]$|^[iu]128$/.test(code) ? 0n : 0);
  });
  try {
    call(...(isStored ? [model.malloc.call([16, 8], undefined, false)] : []), ...words);
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
  }
  return lent;
}
