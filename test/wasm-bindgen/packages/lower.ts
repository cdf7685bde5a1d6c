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
  return { address, length: bytes.length };
}

/** Bytes that a call returned, which are then freed. */
export function takeBytes({ memory }: Pick<Instance, "memory">, address = 0, length = 0): Uint8Array {
  const bytes = memory.read(address, length);
  memory.free(address, length, 1);
  return bytes;
}

/** Text that a call returned, which is then freed. */
export function takeText({ memory }: Pick<Instance, "memory">, address = 0, length = 0): string {
  const text = memory.readString(address, length, { fatal: true });
  memory.free(address, length, 1);
  return text;
}

/** Throws the value behind the handle of an error, if there is one. */
export function throwIfError({ handles }: Pick<Instance, "handles">, error = 0, isError = 0): void {
  if (isError !== 0) throw handles.take(error);
}
