/** Calls of wasm-bindgen modules, lowered by hand as their generated JavaScript does it. */
import type { Allocation, Instance } from "unglue";

/** What a module exports whose results go through memory. */
export interface ReturnPointer {
  __wbindgen_add_to_stack_pointer(change: number): number;
}

/**
 * Calls with room for results on the module's stack: 16 bytes, given back also if the call throws.
 *
 * @param wasm - The instance.
 * @param call - Receives the address of the room.
 * @returns The four words there.
 */
export function withArea(wasm: Instance<ReturnPointer>, call: (area: number) => void): Uint32Array {
  // Of the life that the room is taken in: a trap may begin another.
  const move = wasm.exports.__wbindgen_add_to_stack_pointer;
  const area = move(-16);
  try {
    // An export that returns no Result leaves its words alone.
    wasm.memory.u32.fill(0, area / 4, area / 4 + 4);
    call(area);
    return wasm.memory.u32.slice(area / 4, area / 4 + 4);
  } finally {
    // Not the guarded one: after a trap it would throw that the instance is poisoned, instead of the trap.
    move(16);
  }
}

/** Copies bytes to where the module can read them. The callee frees them. */
export function passBytes({ memory }: Pick<Instance, "memory">, bytes: Uint8Array): Allocation {
  const address = memory.alloc(bytes.length, 1);
  memory.write(address, bytes);
  memory.release(address);
  return { address, length: bytes.length };
}

/** Bytes that a call returned, which are then freed. */
export function takeBytes({ memory }: Pick<Instance, "memory">, address = 0, length = 0, align = 1) {
  const bytes = memory.read(address, length);
  memory.adopt(address, length, 1);
  memory.free(address, length, align);
  return bytes;
}

/** Text that a call returned, which is then freed. */
export function takeText({ memory }: Pick<Instance, "memory">, address = 0, length = 0): string {
  const text = memory.readString(address, length, { fatal: true });
  memory.adopt(address, length, 1);
  memory.free(address, length, 1);
  return text;
}

/** Throws the value behind the handle of an error, if there is one. */
export function throwIfError({ handles }: Pick<Instance, "handles">, error = 0, isError = 0): void {
  if (isError !== 0) throw handles.take(error);
}

/** Calls for a result of one word, or throws the error that came instead. */
export function callForWord(wasm: Instance<ReturnPointer>, call: (area: number) => void): number {
  const [word = 0, error, isError] = withArea(wasm, call);
  throwIfError(wasm, error, isError);
  return word;
}

/** Calls for no result, or throws the error that came. */
export function callForNothing(wasm: Instance<ReturnPointer>, call: (area: number) => void): void {
  const [error, isError] = withArea(wasm, call);
  throwIfError(wasm, error, isError);
}

/** Calls for text, or throws the error that came instead. */
export function callForText(wasm: Instance<ReturnPointer>, call: (area: number) => void): string {
  const [address, length, error, isError] = withArea(wasm, call);
  throwIfError(wasm, error, isError);
  return takeText(wasm, address, length);
}

/** Calls for bytes, or throws the error that came instead. */
export function callForBytes(wasm: Instance<ReturnPointer>, call: (area: number) => void): Uint8Array {
  const [address, length, error, isError] = withArea(wasm, call);
  throwIfError(wasm, error, isError);
  return takeBytes(wasm, address, length);
}

/** A list of values that the module gave away, each by its handle. */
export function takeValues(
  { handles, memory }: Pick<Instance, "handles" | "memory">,
  address = 0,
  count = 0,
): unknown[] {
  const values = [...memory.u32.subarray(address / 4, address / 4 + count)].map((handle) => handles.take(handle));
  memory.free(address, count * 4, 4);
  return values;
}

/** A list of values that is given to the module, each by its handle. */
export function passValues(
  { handles, memory }: Pick<Instance, "handles" | "memory">,
  values: readonly unknown[],
): Allocation {
  const address = memory.alloc(values.length * 4, 4);
  const taken = values.map((value) => handles.add(value));
  // Looked up anew: it may have grown.
  memory.u32.set(taken, address / 4);
  return { address, length: values.length };
}
