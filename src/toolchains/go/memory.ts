import { plainUtf8 } from "../../base/utf8.ts";
import { outOfBounds } from "../../errors/out-of-bounds.ts";
import { encodeText } from "../wasi/text.ts";

/**
 * The memory of a program as Go lays it out: slots of eight bytes, in which integers and pointers have 64 bits. Every access is
 * checked. Errors: `out-of-bounds`.
 */
export class GoMemory {
  readonly #memory: () => WebAssembly.Memory;
  #view: DataView | undefined;
  // A mark at the beginning of a text belongs to the text.
  readonly #decoder =
    typeof TextDecoder === "function"
      ? new TextDecoder("utf-8", { ignoreBOM: true })
      : { decode: (bytes: Uint8Array): string => plainUtf8.decode(bytes, false) };

  /** @param memory - Returns the memory of the instance. */
  constructor(memory: () => WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Returns the integer of 64 bits at an address. Beyond 2^53 it is rounded. */
  integer(address: number): number {
    const view = this.view(address, 8);
    return view.getUint32(address, true) + view.getInt32(address + 4, true) * 2 ** 32;
  }

  /** Writes an integer of 64 bits. Its fraction is dropped, and it is 0 for what is no number. */
  setInteger(address: number, value: number): void {
    const view = this.view(address, 8);
    view.setUint32(address, value, true);
    view.setUint32(address + 4, Math.floor(value / 2 ** 32), true);
  }

  /** Returns the bytes of the slice at an address: its pointer and its length. They are valid until Go runs again. */
  slice(address: number): Uint8Array<ArrayBuffer> {
    return this.bytes(this.integer(address), this.integer(address + 8));
  }

  /** Returns the text at an address: its pointer and its length. */
  text(address: number): string {
    return this.#decoder.decode(this.slice(address));
  }

  /** Returns bytes, which are valid until Go runs again. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    const { buffer } = this.view(address, length);
    return new Uint8Array(buffer, address, length);
  }

  /** Returns a view of the memory that certainly holds a range. */
  view(address: number, length: number): DataView<ArrayBuffer> {
    const { buffer } = this.#memory();
    // The program or its caller may have grown the memory, which detaches the buffer.
    if (this.#view?.buffer !== buffer) this.#view = new DataView(buffer);
    const size = this.#view.byteLength;
    if (!(address >= 0 && length >= 0 && address + length <= size)) {
      throw outOfBounds(`Go's memory: ${length} bytes`, { address, length, size });
    }
    return this.#view as DataView<ArrayBuffer>;
  }
}

/** Where the linker lets the program's own data begin, at the earliest. The arguments lie below it. */
const [argumentsStart, argumentsEnd] = [4096, 4096 + 8192];

/** The room for arguments and environment, in bytes. */
export const argumentRoom: number = argumentsEnd - argumentsStart;

/** Arguments and environment, as the program finds them in its memory. */
export interface PlacedArguments {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The address that `bytes` is for. */
  readonly address: number;
  /** The address of the list of pointers. */
  readonly list: number;
}

/**
 * Lays out arguments and environment: each text with a zero byte, from a multiple of eight on, and after them pointers to the
 * arguments, a zero, pointers to the environment, and a zero.
 *
 * @param args - The arguments, the program's name first.
 * @param env - The environment, as `NAME=value`.
 */
export function placeArguments(args: readonly string[], env: readonly string[]): PlacedArguments {
  const parts: { readonly at: number; readonly text: Uint8Array }[] = [];
  let end = argumentsStart;
  const pointers = [args, env].flatMap((texts) => [
    ...texts.map((one) => {
      const at = end;
      const text = encodeText(one);
      parts.push({ at, text });
      end += Math.ceil((text.length + 1) / 8) * 8;
      return at;
    }),
    0,
  ]);
  const list = end;
  const bytes = new Uint8Array(list + pointers.length * 8 - argumentsStart);
  for (const { at, text } of parts) bytes.set(text, at - argumentsStart);
  const view = new DataView(bytes.buffer);
  pointers.forEach((pointer, at) => view.setUint32(list - argumentsStart + at * 8, pointer, true));
  return { bytes, address: argumentsStart, list };
}
