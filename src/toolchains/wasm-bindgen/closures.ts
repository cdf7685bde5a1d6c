import { isSameList } from "../../base/same.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ValueType } from "../../public/index.ts";
import { type Abi, hasReturnPointers, type Shim, typeKey } from "./abi.ts";
import { readWords, sizeOf } from "./area.ts";
import type { Destroy, Runtime, Word } from "./runtime.ts";
import type { Type } from "./type.ts";

/** What a closure takes and returns. */
export interface ClosureSignature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
  /** Whether an error may take the result's place: then two more words are returned. */
  readonly fails: boolean;
  /** Whether it may not be called again while it runs. */
  readonly isMutable: boolean;
}

/** A closure's signature, and the export that runs it. */
export interface KnownClosure {
  readonly signature: ClosureSignature;
  readonly shim: Shim;
}

/** A function that runs a closure of the module, and what its owner may do with it. */
export interface Closure {
  (...args: unknown[]): unknown;
  /** Lets the module's share go. Returns whether it was the last, and so the module is to destroy the closure itself. */
  readonly [release]: () => boolean;
}

/** Under this symbol a closure's function has what lets the module's share go. */
export const release = Symbol("release");

/**
 * The exports that can run a closure of a signature. They call through the closure's own table, so any that fits will do.
 *
 * @param abi - The module's conventions.
 * @param signature - What the closure takes and returns.
 */
export function shimsFor(abi: Abi, signature: ClosureSignature): readonly Shim[] {
  const words = signature.params.flatMap((param) => param.words(abi));
  const results = returnedWords(abi, signature);
  const isWritten = results.length > 1 && hasReturnPointers(abi);
  // Where the result is written comes first, before the two words of the closure, which are not in the key.
  return abi.shimsByType.get(isWritten ? typeKey(["i32", ...words], []) : typeKey(words, results)) ?? [];
}

/**
 * Whether an export runs closures of a signature, by its type.
 *
 * @param abi - The module's conventions.
 * @param signature - What the closure takes and returns.
 * @param shim - The export.
 */
export function runs(abi: Abi, signature: ClosureSignature, { type: { params, results } }: Shim): boolean {
  const expected = returnedWords(abi, signature);
  const isWritten = results.length === 0 && expected.length > 1;
  const words = [...(isWritten ? ["i32"] : []), "i32", "i32", ...signature.params.flatMap((param) => param.words(abi))];
  return isSameList(params, words) && isSameList(results, isWritten ? [] : expected);
}

/** What a closure returns. Beside other words a value is a number under both conventions. */
function returnedWords(abi: Abi, { result, fails }: ClosureSignature): readonly ValueType[] {
  const words = result?.words(abi) ?? [];
  if (!fails && words.length < 2) return words;
  return [...words.map((word) => (word === "externref" ? "i32" : word)), ...(fails ? (["i32", "i32"] as const) : [])];
}

/**
 * Makes the function that runs a closure of the module. It counts the closure's owners: the module's share and each
 * running call. With the last it is destroyed.
 *
 * @param runtime - The life that the closure belongs to.
 * @param closure - What the closure takes and returns, and the export that runs it.
 * @param data - The first word of its fat pointer.
 * @param table - The second.
 * @param owner - What destroys it; without one it is lent, and ends with the call that passed it.
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
    /** What the module calls in newer versions, when it drops its share. */
    _wbg_cb_unref: () => {
      if (!isGone && --owners === 0) end();
    },
  });
}

/** Makes what runs a closure, and takes its result apart. */
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
  const size = sizeOf(types);
  return (words) => {
    const area = runtime.moveStackPointer(-size);
    try {
      runtime.invoke(shim, [area, ...words]);
      return receive(readWords(runtime, area, types));
    } finally {
      // What a call that threw had taken lies below; and what has ended needs no tidying up.
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
