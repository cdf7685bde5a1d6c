import { engineLimit } from "../platform/engine-limit.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument, requireKnownOptions } from "../errors/invalid.ts";
import type {
  Address,
  Allocation,
  Memory,
  ReadStringOptions,
  StringEncoding,
  StringLayout,
  WriteStringOptions,
} from "../public/index.ts";
import { ownMembers } from "../base/own.ts";
import { lookUp } from "./arguments.ts";
import type { Codec } from "./codec.ts";
import type { Views } from "./views.ts";

/** The parts of a memory that reading and writing text uses. */
export interface StringContext {
  /** Returns the current views. */
  readonly fresh: () => Views;
  /** Returns an argument as a whole number, or throws `invalid-argument`. */
  readonly integer: (call: string, argument: string, value: Address) => number;
  /** Returns the start of a range inside the memory, or throws `out-of-bounds`; `what` describes the range. */
  readonly range: (call: string, address: Address, length: number, what?: string) => number;
  /** Converts UTF-8. */
  readonly codec: Codec;
}

/** Allocates memory for text: receives its size and alignment in bytes, returns the address. */
export type Reserve = (size: number, align: number) => number;

/** Reads and writes the text of one memory. */
export interface Strings {
  readonly read: Memory["readString"];
  /** Writes text to memory from `reserve`. Anything that can fail does so before the first byte is written. */
  write(call: string, text: string, options: WriteStringOptions | undefined, reserve: Reserve): Allocation;
}

const unitSizes: Record<StringEncoding, number> = { "utf-8": 1, "utf-16": 2 };
const prefixSizes: Record<StringLayout, number> = { nul: 0, u8: 1, u16: 2, u32: 4 };

const readOptions: readonly (keyof ReadStringOptions)[] = ["encoding", "fatal"];
const writeOptions: readonly (keyof WriteStringOptions)[] = [...readOptions, "layout"];

const noOptions: ReadStringOptions & WriteStringOptions = /* @__PURE__ */ ownMembers({});

/** Up to this many units a loop is faster than the platform's coders, in Node and in Chromium. */
const shortText = 32;

/**
 * Makes the functions that read and write the text of one memory.
 *
 * @param context - The memory's views, bounds and codec.
 */
export function createStrings({ fresh, integer, range, codec }: StringContext): Strings {
  const call = "memory.readString";

  const locate = (address: Address, length: Address | StringLayout, unit: number): [start: number, end: number] => {
    if (typeof length !== "string") {
      const size = integer(call, "length", length);
      if (size % unit) throw invalidArgument(call, "length", "an even number of bytes for UTF-16", length);
      const start = range(call, address, size);
      return [start, start + size];
    }
    const prefix = lookUp(call, "length", prefixSizes, length);
    const start = range(call, address, prefix) + prefix;
    const { u8 } = fresh();
    if (prefix > 0) {
      let count = 0;
      for (let at = start; at > start - prefix;) count = count * 256 + (u8[--at] ?? 0);
      return [start, range(call, start, count * unit) + count * unit];
    }
    let end = start;
    if (unit === 1) end = u8.indexOf(0, start);
    else while (end < u8.length && (u8[end] !== 0 || u8[end + 1] !== 0)) end += 2;
    if (end < 0 || end >= u8.length) range(call, start, u8.length - start + unit, "a text that no zero ends");
    return [start, end];
  };

  return {
    read(address, length = "nul", options) {
      const { encoding = "utf-8", fatal = false } = optionsOf(call, options, readOptions);
      const unit = lookUp(call, "encoding", unitSizes, encoding);
      const [start, end] = locate(address, length, unit);
      const { u8, u16, fixed } = fresh();
      if (unit === 2) {
        const text =
          start % 2
            ? joinAll(new Uint16Array(u8.slice(start, end).buffer), 0, (end - start) / 2)
            : joinAll(u16, start / 2, end / 2);
        if (fatal) refuseLoneSurrogate(text, encoding, 2);
        return text;
      }
      if (end - start <= shortText && isAscii(u8, start, end)) return joinUnits(u8, start, end);
      const bytes = fixed ? u8.subarray(start, end) : u8.slice(start, end);
      try {
        return codec.decode(bytes, fatal);
      } catch (cause) {
        if (!fatal || UnglueError.is(cause)) throw cause;
        throw invalidString(encoding, invalidOffset(bytes, codec.decode(bytes, false)), cause);
      }
    },

    write(call, text, options, reserve) {
      const { encoding = "utf-8", layout, fatal } = optionsOf(call, options, writeOptions);
      if (typeof text !== "string") throw invalidArgument(call, "text", "a string", text);
      const unit = lookUp(call, "encoding", unitSizes, encoding);
      const prefix = layout === undefined ? 0 : lookUp(call, "layout", prefixSizes, layout);
      const suffix = layout === "nul" ? unit : 0;
      if (fatal) refuseLoneSurrogate(text, encoding, 1);
      if (suffix > 0) refuseZero(text, encoding);
      let start = 0;
      let length = 0;
      const begin = (size: number): Views => {
        const most = prefix > 0 ? (256 ** prefix - 1) * unit : Infinity;
        if (size > most) throw tooLong(prefix + size, prefix + most);
        start = reserve(prefix + size + suffix, prefix > unit ? prefix : unit) + prefix;
        length = size;
        const views = fresh();
        const { u8 } = views;
        for (let at = start - prefix, count = size / unit; at < start; count /= 256) u8[at++] = count;
        for (let at = start + size; at < start + size + suffix;) u8[at++] = 0;
        return views;
      };

      if (unit === 2) {
        writeUnits(begin(text.length * 2).view, start, text);
      } else if (text.length <= shortText && isAsciiText(text)) {
        writeAscii(begin(text.length).u8, start, text);
      } else {
        codec.encode(text, (size) => begin(size).u8.subarray(start, start + size));
      }
      return { address: start - prefix, length };
    },
  };
}

/**
 * Makes the error for text that does not fit.
 *
 * @param needed - The bytes needed, with the terminator or count.
 * @param capacity - The bytes available.
 */
export function tooLong(needed: number, capacity: number): UnglueError {
  return new UnglueError(
    "string-too-long",
    `The text takes ${needed} bytes with its terminator or count, and there is room for ${capacity}. Give it more room or a wider count, or shorten it.`,
    { needed, capacity },
  );
}

function optionsOf<Options extends object>(
  call: string,
  options: Options | undefined,
  allowed: readonly string[],
): Options {
  if (options === undefined) return noOptions as Options;
  let own: Options | undefined;
  let cause: unknown;
  try {
    if (typeof options === "object") own = ownMembers(options);
  } catch (error) {
    cause = error;
  }
  if (!own) throw invalidArgument(call, "options", "an object of options", options, cause);
  requireKnownOptions(call, Object.keys(own), allowed);
  return own;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 127) return false;
  return true;
}

// A loop, since a regular expression takes as long to start as this does for a short text.
function isAsciiText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function writeAscii(bytes: Uint8Array, start: number, text: string): void {
  for (let at = 0; at < text.length; at++) bytes[start + at] = text.charCodeAt(at);
}

function writeUnits(view: DataView, start: number, text: string): void {
  for (let at = 0; at < text.length; at++) view.setUint16(start + at * 2, text.charCodeAt(at), true);
}

/** Makes text from UTF-16 units, or from ASCII bytes. */
function joinUnits(units: Uint8Array | Uint16Array, start: number, end: number): string {
  // Every index is in bounds, which the element type does not tell.
  const fromUnits = String.fromCharCode as (...units: (number | undefined)[]) => string;
  let text = "";
  let at = start;
  // Eight units at a time, since each piece costs a string: 16 characters take 75 ns this way, and 195 ns one by one.
  for (; at + 8 <= end; at += 8) {
    text += fromUnits(
      units[at],
      units[at + 1],
      units[at + 2],
      units[at + 3],
      units[at + 4],
      units[at + 5],
      units[at + 6],
      units[at + 7],
    );
  }
  for (; at < end; at++) text += fromUnits(units[at]);
  return text;
}

/** The number of units in a piece: engines take some ten thousand arguments per call. */
const pieceUnits = 8192;

/** Makes text from UTF-16 units, in as few pieces as possible. Errors: `engine-limit`. */
function joinAll(units: Uint16Array, start: number, end: number): string {
  if (end - start <= pieceUnits) return joinUnits(units, start, end);
  try {
    let text = "";
    for (let at = start; at < end; at += pieceUnits) {
      text += String.fromCharCode(...units.subarray(at, Math.min(at + pieceUnits, end)));
    }
    return text;
  } catch (cause) {
    throw engineLimit("text", (end - start) * 2, cause);
  }
}

function refuseLoneSurrogate(text: string, encoding: StringEncoding, unitSize: number): void {
  const index = text.search(/\p{Surrogate}/u);
  if (index >= 0) throw invalidString(encoding, index * unitSize);
}

/** Refuses a zero inside zero-terminated text: the rest would not be read back. */
function refuseZero(text: string, encoding: StringEncoding): void {
  const offset = text.indexOf("\0");
  if (offset < 0) return;
  throw new UnglueError(
    "invalid-string",
    `The text has U+0000 at offset ${offset}, which would end it there in the layout nul. Leave it out, or use a layout with a count.`,
    { encoding, offset },
  );
}

/** Finds the offset of the first invalid byte: where the decoded text has a U+FFFD that the bytes do not encode. */
function invalidOffset(bytes: Uint8Array, decoded: string): number {
  let offset = 0;
  for (const character of decoded) {
    const spelled = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (character === "\uFFFD" && !spelled) break;
    const code = character.codePointAt(0) ?? 0;
    offset += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return offset;
}

function invalidString(encoding: StringEncoding, offset: number, cause?: unknown): UnglueError {
  return new UnglueError(
    "invalid-string",
    `The text is not valid ${encoding.toUpperCase()} at offset ${offset}. Without the option fatal, what is invalid is replaced or kept.`,
    { encoding, offset },
    { cause },
  );
}
