import { UnglueError } from "../errors.ts";
import { type Abi, type Shim, typeKey } from "./abi.ts";
import type { Destroy, Runtime, Word } from "./runtime.ts";
import type { Type } from "./type.ts";

/** What a closure takes and returns. */
export interface ClosureSignature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
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
export function shimsFor(abi: Abi, { params, result }: ClosureSignature): readonly Shim[] {
  const words = params.flatMap((param) => param.words(abi));
  const results = result?.words(abi) ?? [];
  return abi.shimsByType.get(typeKey(words, results)) ?? [];
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
  const { params, result, isMutable } = signature;
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
      const returned = runtime.invoke(shim, words);
      return result?.lift(runtime, Array.isArray(returned) ? returned : [returned], 0);
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
