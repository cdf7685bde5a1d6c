import { isSameList } from "../../base/same.ts";
import { layOut } from "../../bind/layout.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ValueType } from "../../public/index.ts";
import { type Abi, hasReturnPointers, type Shim, typeKey } from "./abi.ts";
import { readWords } from "./area.ts";
import type { Destroy, Runtime, Word } from "./runtime.ts";
import type { Type } from "./type.ts";

/** The parameters and result of a closure. */
export interface ClosureSignature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
  /** Whether an error may replace the result. Then two more words are returned. */
  readonly fails: boolean;
  /** Whether it must not be called again while it runs. */
  readonly isMutable: boolean;
}

/** A closure's signature, and the export that runs it. */
export interface KnownClosure {
  readonly signature: ClosureSignature;
  readonly shim: Shim;
}

/** A function that runs a closure of the module, with the operations of its owner. */
export interface Closure {
  (...args: unknown[]): unknown;
  /** Releases the module's share. Returns whether it was the last one, so that the module must destroy the closure itself. */
  readonly [release]: () => boolean;
}

/** The symbol under which a closure's function has the method that releases the module's share. */
export const release = Symbol("release");

/**
 * Returns the exports that can run a closure with a signature. They call through the closure's own table, so any that fits
 * will do.
 *
 * @param abi - The module's conventions.
 * @param signature - The parameters and result of the closure.
 */
export function shimsFor(abi: Abi, signature: ClosureSignature): readonly Shim[] {
  const words = signature.params.flatMap((param) => param.words(abi));
  const results = returnedWords(abi, signature);
  const isWritten = results.length > 1 && hasReturnPointers(abi);
  // The return pointer comes first, before the two words of the closure, which are not in the key.
  return abi.shimsByType.get(isWritten ? typeKey(["i32", ...words], []) : typeKey(words, results)) ?? [];
}

/**
 * Whether an export runs closures with a signature, by its type.
 *
 * @param abi - The module's conventions.
 * @param signature - The parameters and result of the closure.
 * @param shim - The export.
 */
export function runs(abi: Abi, signature: ClosureSignature, { type: { params, results } }: Shim): boolean {
  const expected = returnedWords(abi, signature);
  const isWritten = results.length === 0 && expected.length > 1;
  const words = [...(isWritten ? ["i32"] : []), "i32", "i32", ...signature.params.flatMap((param) => param.words(abi))];
  return isSameList(params, words) && isSameList(results, isWritten ? [] : expected);
}

/** Returns the words of a closure's result. Next to other words, a value is a number under both conventions. */
function returnedWords(abi: Abi, { result, fails }: ClosureSignature): readonly ValueType[] {
  const words = result?.words(abi) ?? [];
  if (!fails && words.length < 2) return words;
  return [...words.map((word) => (word === "externref" ? "i32" : word)), ...(fails ? (["i32", "i32"] as const) : [])];
}

/**
 * Makes the function that runs a closure of the module. It counts the closure's owners: the module's share and each running
 * call. When the last one ends, the closure is destroyed.
 *
 * @param runtime - The life that the closure belongs to.
 * @param closure - The signature of the closure, and the export that runs it.
 * @param data - The first word of its fat pointer.
 * @param table - The second.
 * @param owner - The function that destroys it. Without one it is borrowed, and ends with the call that passed it.
 */
export function createClosure(
  runtime: Runtime,
  { signature, shim }: KnownClosure,
  data: number,
  table: number,
  owner: { readonly destroy: Destroy | undefined } | undefined,
): Closure {
  const { params, isMutable } = signature;
  const call = createCall(runtime, signature, shim);
  const isOwned = owner !== undefined;
  const destroy = owner?.destroy;
  let owners = 1;
  let isRunning = false;
  let isGone = false;
  const token = {};
  const end = () => {
    isGone = true;
    runtime.collected?.unregister(token);
    if (destroy) destroy(data, table);
    else if (isOwned) runtime.leaked();
  };
  const run = (...args: unknown[]): unknown => {
    if (isGone || (isMutable && isRunning)) throw unusable(isGone);
    const wasRunning = isRunning;
    const { lent } = runtime.handles;
    isRunning = true;
    owners++;
    try {
      const words: Word[] = [data, table];
      for (const [at, param] of params.entries()) param.lower(runtime, args[at], words);
      return call(words);
    } finally {
      isRunning = wasRunning;
      runtime.handles.restore(lent);
      if (--owners === 0) end();
    }
  };
  if (isOwned) runtime.collected?.register(run, end, token);
  return Object.assign(run, {
    [release]: (): boolean => {
      if (isGone || --owners > 0) return false;
      isGone = true;
      runtime.collected?.unregister(token);
      return true;
    },
    /** Called by modules of newer versions when they drop their share. */
    _wbg_cb_unref: () => {
      if (!isGone && --owners === 0) end();
    },
  });
}

/** Makes the function that runs a closure and splits its result. */
function createCall(runtime: Runtime, signature: ClosureSignature, shim: Shim): (words: readonly Word[]) => unknown {
  const { result, fails } = signature;
  const { abi, handles } = runtime;
  const types = returnedWords(abi, signature);
  if (types.length < 2) {
    return (words) => {
      const returned = runtime.invoke(shim, words);
      return result?.lift(runtime, [returned], 0);
    };
  }
  const isNumbered = abi.handles === "externref" && result?.words(abi)[0] === "externref";
  const receive = (words: readonly Word[]): unknown => {
    const failed = types.length - 1;
    if (fails && words[failed] !== 0) throw handles.take(words[failed - 1] as number);
    return isNumbered ? handles.take(words[0] as number) : result?.lift(runtime, words, 0);
  };
  if (shim.type.results.length > 0) return (words) => receive(runtime.invoke(shim, words) as readonly Word[]);
  const { size } = layOut(types);
  return (words) => {
    const area = runtime.moveStackPointer(-size);
    try {
      runtime.invoke(shim, [area, ...words]);
      return receive(readWords(runtime, area, types));
    } finally {
      // Stack memory of a call that threw lies below, and a life that has ended needs no cleanup.
      if (runtime.instance.state === "live") runtime.moveStackPointer(area + size - runtime.moveStackPointer(0));
    }
  };
}

function unusable(isGone: boolean): UnglueError<"closure-unusable"> {
  const reason = isGone ? "destroyed" : "running";
  return new UnglueError(
    "closure-unusable",
    isGone
      ? "A closure of the module was called after it had been destroyed. Stop the timer, listener or promise that calls it before the module drops it."
      : "A closure of the module was called while it was running, which Rust's FnMut forbids. Call it later, as in a microtask.",
    { reason },
  );
}
