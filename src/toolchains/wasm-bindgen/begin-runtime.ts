import { createRegistry } from "../../platform/finalization.ts";
import { describe } from "../../errors/describe.ts";
import { askingFor } from "../../errors/trap.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { memoryUse } from "../../memory/index.ts";
import type { Convention, ExportedFunction, Memory, ProvideContext } from "../../public/index.ts";
import { type Abi, type Helper, mayBeShim } from "./abi.ts";
import { checkedHandles, createHeap, createSlots, type HandleSpace } from "./handles.ts";
import { allocate, checkRoom } from "./allocate.ts";
import { createDecode, createEncode } from "./coders.ts";
import { createObjects } from "./objects.ts";
import type { Destroy, Runtime } from "./runtime.ts";
import { signatureText } from "../../base/type-text.ts";

type Call = (...words: unknown[]) => unknown;

/**
 * Begins a life.
 *
 * @param abi - The module's conventions.
 * @param context - The instance and the engine's module.
 */
export function beginRuntime(
  abi: Abi,
  { instance, module, exports, objects, guard, continuation, warn, limits, allocator }: ProvideContext,
): Runtime {
  const exported = (name: string): Call => exports()[name] as Call;
  /** Returns a function of `instance.guarded` without making the others: there may be thousands. */
  const guardedExport = (name: string): ExportedFunction | undefined => {
    const call = exports()[name];
    return typeof call === "function" ? guard(name, call as ExportedFunction) : undefined;
  };
  const nameOf = (helper: Helper): string | undefined => {
    const names = abi.helpers[helper] ?? [];
    const isDoubtful = names.some((name) => mayBeShim(abi, name));
    // Closures are called through the function table, which does not contain helpers.
    const left = isDoubtful && abi.functions !== undefined ? outside(exports(), abi.functions, names) : names;
    const stated = helper === "malloc" ? allocator?.alloc : helper === "free" ? allocator?.free : undefined;
    return left.length === 1 ? left[0] : left.find((name) => name === stated);
  };
  /** Calls a function of the table under the trap policy. */
  const callAt = (index: number, ...words: number[]): void => {
    const found = (exported(abi.functions ?? "") as unknown as WebAssembly.Table).get(index) as ExportedFunction | null;
    if (found) guard(`(table ${index})`, found)(...words);
  };
  if (abi.misfits.start) throw helperMissing("start", abi);
  const names = new Map<Helper, string | undefined>();
  const helperName = (helper: Helper): string | undefined => {
    // Nothing can replace it: continuing without it would leak, or call another function.
    if (abi.misfits[helper]) throw helperMissing(helper, abi);
    if (!names.has(helper)) names.set(helper, nameOf(helper));
    return names.get(helper);
  };
  const functions = Object.create(null) as { [role in Helper]?: Call };
  /** Returns a helper under the trap policy, because an allocator without memory traps. */
  const helperOf = (helper: Helper): Call => {
    const name = helperName(helper);
    if (name === undefined) throw helperMissing(helper, abi);
    if (helper === "malloc" || helper === "realloc") raw ??= instance.memory.raw;
    return (functions[helper] = guardedExport(name) as Call);
  };
  const call = (helper: Helper, ...words: number[]): number =>
    (functions[helper] ?? helperOf(helper))(...words) as number;
  let leaks = 0;
  let panic: string | undefined;
  const handles: HandleSpace =
    abi.handles === "heap"
      ? createHeap(limits?.handles, () => leaks)
      : createSlots({
          table: () => exports()[abi.externrefs ?? ""] as WebAssembly.Table,
          allocate: () => call("allocateSlot"),
          free: (slot) => {
            if (helperName("freeSlot") === undefined) leaks++;
            else call("freeSlot", slot);
          },
          limit: limits?.handles,
          leaked: () => leaks,
        });
  /**
   * Stores an exception where two stripped exports take a slot: one stores the exception in it, one frees it. Freeing empties
   * the slot, so the other is told by what it leaves there.
   */
  const storeByTrial = (error: unknown): boolean => {
    const candidates = abi.helpers.storeException ?? [];
    const isPair = candidates.length === 2 && candidates.join() === abi.helpers.freeSlot?.join();
    if (!isPair || abi.externrefs === undefined) return false;
    const table = exports()[abi.externrefs] as WebAssembly.Table;
    for (const [at, name] of candidates.entries()) {
      const slot = handles.add({});
      guardedExport(name)?.(slot);
      if (table.get(slot) === null) continue;
      table.set(slot, error);
      names.set("storeException", name).set("freeSlot", candidates[1 - at]);
      return true;
    }
    return false;
  };
  // Found once, because every guarded call needs it.
  let stackPointer: ((delta: number) => number) | undefined;
  const moveStackPointer = (delta: number): number => (stackPointer ??= moverOf(abi, exports()))(delta);
  let memory: Memory | undefined;
  // Kept, because a trap may have ended the life, which then hands out no memory.
  let raw: WebAssembly.Memory | undefined;
  const use = () => raw && memoryUse(raw, instance.shape.memories[0], limits?.memoryPages);
  const runtime: Runtime = {
    moveStackPointer,
    get memory() {
      return (memory ??= instance.memory);
    },
    use,
    malloc: (size, align) => {
      try {
        return ((functions.malloc ?? helperOf("malloc"))(size, align) as number) >>> 0;
      } catch (error) {
        throw askingFor(error, size, use);
      }
    },
    realloc: (address, size, wanted, align) => {
      if (helperName("realloc") === undefined) {
        runtime.free(address, size, align);
        return allocate(runtime, wanted, align);
      }
      let moved: number;
      try {
        moved = call("realloc", address, size, wanted, align) >>> 0;
      } catch (error) {
        throw askingFor(error, wanted, use);
      }
      try {
        checkRoom(runtime, moved, wanted, align);
      } catch (error) {
        // An allocator that finds no room leaves the old allocation in place.
        runtime.free(address, size, align);
        throw error;
      }
      return moved;
    },
    size: 0,
    encode: createEncode(() => runtime.memory),
    decode: createDecode(() => runtime.memory),
    abi,
    instance,
    handles,
    continuation,
    module,
    get convention() {
      return convention;
    },
    call,
    invoke: ({ name }, words) => guardedExport(name)?.(...words),
    free: (address, size, align) => {
      if (size === 0) return;
      if (functions.free) functions.free(address, size, align);
      else if (helperName("free") === undefined) leaks++;
      else call("free", address, size, align);
    },
    storeException: (error) => {
      if (helperName("storeException") !== undefined) call("storeException", handles.add(error));
      // Without the helper no import of the module is declared to catch, so nothing can receive the exception.
      else if (!storeByTrial(error)) throw error;
    },
    ...createObjects(objects),
    panicked: (message) => {
      panic = message;
    },
    collected: createRegistry("a closure of the module", (end: () => void) => end(), warn),
    leaked: () => {
      leaks++;
    },
    destroyer: (stated): Destroy | undefined => {
      const name = stated ?? helperName("destroyClosure");
      if (name === undefined) return undefined;
      return (data, table) => {
        // A life that has ended needs no cleanup, and its memory may be inconsistent.
        if (instance.state !== "live") return;
        if (typeof name === "number") callAt(name, data, table);
        else guardedExport(name)?.(data, table);
      };
    },
  };
  const convention: Convention = {
    life: runtime,
    handles: checkedHandles(handles),
    get allocator() {
      const malloc = helperName("malloc");
      const free = helperName("free");
      return malloc === undefined ? undefined : { alloc: malloc, ...(free !== undefined && { free }) };
    },
    ...(abi.helpers.moveStackPointer && { stackExports: abi.helpers.moveStackPointer }),
    losesStack: abi.helpers.moveStackPointer === undefined && abi.stackPointer === undefined,
    ...(abi.helpers.start && { initializer: "__wbindgen_start" }),
    mark: () => {
      panic = undefined;
      // Values that the module itself puts into its table can only be counted from outside.
      if (limits?.handles !== undefined) handles.check();
      return moveStackPointer(0);
    },
    unwind: (mark) => {
      panic = undefined;
      const drift = (mark as number) - moveStackPointer(0);
      if (drift !== 0) moveStackPointer(drift);
    },
    takePanic: () => {
      const message = panic;
      panic = undefined;
      return message;
    },
  };
  return runtime;
}

/** Returns the exports that are not in the function table. */
function outside(
  exports: Readonly<Record<string, unknown>>,
  table: string,
  names: readonly string[],
): readonly string[] {
  const functions = exports[table] as WebAssembly.Table;
  const inside = new Set<unknown>();
  for (let at = 0; at < functions.length; at++) inside.add(functions.get(at));
  return names.filter((name) => !inside.has(exports[name]));
}

/** Returns a function that moves the stack pointer, by an export or, in old modules, a global. */
function moverOf(
  { helpers, stackPointer }: Abi,
  exports: Readonly<Record<string, unknown>>,
): (delta: number) => number {
  const [name] = helpers.moveStackPointer ?? [];
  if (name !== undefined) return exports[name] as (delta: number) => number;
  if (stackPointer === undefined) return () => 0;
  const global = exports[stackPointer] as { value: number };
  return (delta) => (global.value += delta);
}

function helperMissing(helper: Helper, { helpers, misfits }: Abi): UnglueError<"helper-unknown"> {
  const misfit = misfits[helper];
  if (misfit) {
    const is = misfit.kind === "function" && misfit.type ? signatureText(misfit.type) : `a ${misfit.kind}`;
    return new UnglueError(
      "helper-unknown",
      `The export ${describe(misfit.name)} is ${is}, and no version of wasm-bindgen has its ${helper} so. Without it the module ` +
        "cannot be served. Build it with wasm-bindgen 0.2.68 or later, and export nothing else by that name.",
      { helper },
    );
  }
  const names = helpers[helper] ?? [];
  const why =
    names.length > 1
      ? `its names were stripped, and ${names.slice(0, 3).join(", ")}${names.length > 3 ? " and others" : ""} have its signature`
      : "no export has its name or, where names were stripped, its signature for certain";
  const remedy =
    names.length > 1 && (helper === "malloc" || helper === "free")
      ? 'Say which it is: allocator: { alloc: "…", free: "…" }. Or build'
      : "Build";
  return new UnglueError(
    "helper-unknown",
    `The module exports nothing that is its ${helper} for certain: ${why}. ${remedy} it without stripping names ` +
      "(wasm-bindgen: keep the name section until after its run).",
    { helper },
  );
}
