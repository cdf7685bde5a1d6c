import { errno } from "./errno.ts";

/** A function of the system interface: it takes numbers and bigints, and most return an error number. */
export type SystemCall = (...args: (number | bigint)[]) => number;

/** Functions of the system interface by name. */
export type SystemCalls = ReadonlyMap<string, SystemCall>;

/** An error number that ends a function. */
class Failure extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`error number ${number}`);
    this.number = number;
  }
}

/**
 * Ends the function that is running with an error number.
 *
 * @param number - The error number.
 */
export function failWith(number: number): never {
  throw new Failure(number);
}

/**
 * Wraps a function so that {@link failWith} inside it becomes its result. The engine passes i32 as a signed number, and
 * addresses, lengths and file descriptors are unsigned.
 *
 * @param call - The function.
 */
export function systemCall(call: (...args: never[]) => number | undefined): SystemCall {
  return (...args) => {
    try {
      return (call as (...args: unknown[]) => number | undefined)(...args.map(unsigned)) ?? errno.success;
    } catch (error) {
      if (error instanceof Failure) return error.number;
      throw error;
    }
  };
}

/** Returns the unsigned value of an i32, and any other value as it is. */
export function unsigned(value: number | bigint): number | bigint {
  return typeof value === "number" ? value >>> 0 : value;
}

/** A buffer that the module names to read into, or to write from. */
export interface Range {
  readonly address: number;
  readonly length: number;
}

/** The module's memory. Each access is checked, and fails with `EFAULT` outside of it. */
export class Guest {
  readonly #memory: () => WebAssembly.Memory;

  /** @param memory - Returns the memory of the instance. */
  constructor(memory: () => WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** The engine's memory. */
  get memory(): WebAssembly.Memory {
    return this.#memory();
  }

  /** Returns a view of some bytes, which is valid until the module runs again. */
  bytes(address: number, length: number): Uint8Array {
    const { buffer } = this.#memory();
    return address + length <= buffer.byteLength ? new Uint8Array(buffer, address, length) : failWith(errno.fault);
  }

  /** Returns a view of a structure. */
  view(address: number, length: number): DataView {
    const { buffer } = this.#memory();
    return address + length <= buffer.byteLength ? new DataView(buffer, address, length) : failWith(errno.fault);
  }

  /** Writes a number of 32 bits. */
  setU32(address: number, value: number): void {
    this.view(address, 4).setUint32(0, value, true);
  }

  /** Writes a number of 64 bits. */
  setU64(address: number, value: bigint): void {
    this.view(address, 8).setBigUint64(0, value, true);
  }

  /** Reads a list of buffers: pairs of an address and a length. */
  ranges(address: number, count: number): readonly Range[] {
    const view = this.view(address, count * 8);
    return Array.from({ length: count }, (_, at) => ({
      address: view.getUint32(at * 8, true),
      length: view.getUint32(at * 8 + 4, true),
    }));
  }

  /** Writes the texts of a list, and their addresses: as the arguments and the environment are passed. */
  setList(addresses: number, buffer: number, items: readonly Uint8Array[]): void {
    let at = buffer;
    items.forEach((item, index) => {
      this.setU32(addresses + index * 4, at);
      const room = this.bytes(at, item.length + 1);
      room.set(item);
      room[item.length] = 0;
      at += item.length + 1;
    });
  }
}
