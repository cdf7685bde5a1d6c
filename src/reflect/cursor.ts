import { ownMembers, ownValue } from "../base/own.ts";
import { loadError } from "../errors/load-error.ts";
import type { Malformation } from "../errors/details.ts";

/** The known origin of bytes, for error details. */
export interface Origin {
  /** The path or URL. */
  readonly from?: string | undefined;
  /** The `Content-Type` that they were served with. */
  readonly contentType?: string | undefined;
}

/** How many bytes of custom sections were left out, by the start of the section in the bytes that were kept. */
export type LeftOut = ReadonlyMap<number, number>;

/** Seven bytes of seven bits. More would not be exact in a number. */
const lowBits = 49;

/**
 * Reads the module's bytes in order and never past `end`. Unreadable bytes are an error, never a guess: `truncated` between
 * sections, `malformed` inside one.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  /** The offset of the next byte. */
  offset = 0;
  /** Where reading must stop: the end of the section, or of the bytes. */
  end: number;
  /** The section being read, for errors. */
  section: string | undefined;
  /** Bytes that were left out before `offset`. Reported offsets include them. */
  shift = 0;
  /** Bytes that were left out at the end of the section being read. */
  gap = 0;
  readonly #origin: Origin;
  readonly #leftOut: LeftOut | undefined;
  #utf8: TextDecoder | undefined;
  #names: { readonly from: number; readonly text: string } | undefined;

  constructor(bytes: Uint8Array, origin: Origin & { readonly leftOut?: LeftOut | undefined } = {}, section?: string) {
    this.bytes = bytes;
    this.#leftOut = ownValue(origin, "leftOut");
    this.end = bytes.length;
    this.section = section;
    this.#origin = ownMembers(origin);
  }

  byte(): number {
    const byte = this.offset < this.end ? this.bytes[this.offset++] : undefined;
    return byte ?? this.#overrun();
  }

  skip(count: number): void {
    if (count > this.end - this.offset) this.#overrun();
    this.offset += count;
  }

  u32(): number {
    // Most numbers are one or two bytes, and a large module has tens of thousands of them.
    const { bytes, offset, end } = this;
    const first = offset < end ? (bytes[offset] ?? 128) : 128;
    if (first < 128) {
      this.offset++;
      return first;
    }
    const second = offset + 1 < end ? (bytes[offset + 1] ?? 128) : 128;
    if (second > 127) return this.unsigned(32) as number;
    this.offset += 2;
    return first - 128 + second * 128;
  }

  /** Reads a LEB128 number of at most `bits` bits; a bigint only if a number would not be exact. */
  unsigned(bits: 32 | 64): number | bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      const digits = byte & 127;
      // The last byte that the width allows must not have a successor or set a spare bit.
      if (shift + 7 > bits && byte >> (bits - shift)) this.unexpected();
      // Integer arithmetic while it suffices: there may be thousands of numbers.
      if (shift < 28) low |= digits << shift;
      else if (shift < lowBits) low += digits * 2 ** shift;
      else high += digits * 2 ** (shift - lowBits);
      if (byte > 127) continue;
      if (high < 16) return high ? high * 2 ** lowBits + low : low;
      return (BigInt(high) << BigInt(lowBits)) + BigInt(low);
    }
  }

  /**
   * Decodes the rest of the section as single bytes, of which `name` then takes names in ASCII: thousands of calls of a decoder
   * take longer.
   */
  beginNames(): void {
    const text = this.singleBytes();
    if (text !== undefined) this.#names = { from: this.offset, text };
  }

  /** Decodes the rest of the section as single bytes: ASCII as it is. Returns `undefined` if the engine has no such decoder. */
  singleBytes(): string | undefined {
    try {
      const text = new TextDecoder("latin1").decode(this.bytes.slice(this.offset, this.end));
      // Each byte is one character, as far as the decoder is what it should be.
      return text.length === this.end - this.offset ? text : undefined;
    } catch {
      return undefined;
    }
  }

  name(): string {
    const length = this.u32();
    this.skip(length);
    const start = this.offset - length;
    if (this.#names && start >= this.#names.from) {
      const { from, text } = this.#names;
      const name = text.slice(start - from, this.offset - from);
      if (name.length === length && !/[^\0-\x7f]/.test(name)) return name;
    }
    // Copied, because a decoder refuses shared memory.
    const bytes = this.bytes.slice(start, this.offset);
    try {
      // Audio worklets have no other decoder.
      if (typeof TextDecoder !== "function") return decodeURIComponent(hex(bytes).replace(/../g, "%$&"));
      // Fatal, and a byte order mark is an ordinary character of the name.
      this.#utf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return this.#utf8.decode(bytes);
    } catch {
      return this.fail("encoding");
    }
  }

  /** Reads the number of items that follow. It is checked before anything is allocated for them: each takes at least a byte. */
  count(): number {
    const count = this.u32();
    return count > this.end - this.offset ? this.#overrun() : count;
  }

  list<Item>(item: () => Item): Item[] {
    const items: Item[] = [];
    for (let count = this.count(); count; count--) items.push(item());
    return items;
  }

  /** Reads an index; returns it with the item that it refers to. */
  item<Item>(items: readonly Item[], what: string): [index: number, item: Item & {}] {
    const index = this.u32();
    return [index, items[index] ?? this.fail("index", `${what} ${index}`)];
  }

  /** Fails with `malformed` at the byte last read. */
  fail(problem: Malformation, subject?: string | number): never {
    const offset = this.shift + this.offset - 1;
    const { section } = this;
    throw loadError("malformed", {
      problem,
      offset,
      ...(subject !== undefined && { subject }),
      ...(section !== undefined && { section }),
    });
  }

  /** Fails because the byte last read has an invalid value. */
  unexpected(): never {
    return this.fail("byte", this.bytes[this.offset - 1]);
  }

  /** Fails with `truncated`: the item that begins at `offset` is incomplete. */
  truncated(offset: number): never {
    let size = this.bytes.length;
    for (const count of this.#leftOut?.values() ?? []) size += count;
    const { from } = this.#origin;
    throw loadError("truncated", { offset: this.shift + offset, size, ...(from !== undefined && { from }) });
  }

  /** Begins the section whose size was just read; `start` is the offset of its id. */
  enter(start: number, name: string, size: number): void {
    this.gap = this.#leftOut?.get(start) ?? 0;
    const end = this.offset + size - this.gap;
    if (end > this.end) this.truncated(start);
    this.end = end;
    this.section = name;
  }

  /** Leaves the section; `end` is the end of the bytes. */
  leave(end: number): void {
    this.shift += this.gap;
    this.end = end;
    this.section = undefined;
  }

  #overrun(): never {
    return this.section ? this.fail("short") : this.truncated(this.offset);
  }
}

/** Formats bytes as two hexadecimal digits each. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
