import { ownMembers, ownValue } from "../base/own.ts";
import { loadError } from "../errors/load-error.ts";
import type { Malformation } from "../errors/details.ts";

/** What is known of where bytes came from, for error details. */
export interface Origin {
  /** The path or URL. */
  readonly from?: string | undefined;
  /** The `Content-Type` that they were served with. */
  readonly contentType?: string | undefined;
}

/** How many bytes of custom sections were left out, by where the section begins in the bytes that are there. */
export type LeftOut = ReadonlyMap<number, number>;

/** Seven bytes of seven bits: more would not be exact in a number. */
const lowBits = 49;

/**
 * Reads the module's bytes in order, and never past `end`. What cannot be read is an error, never a guess:
 * `truncated` between sections, `malformed` inside one.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  /** Where the next byte is. */
  offset = 0;
  /** Where reading must stop: the end of the section, or of the bytes. */
  end: number;
  /** The section being read, for errors. */
  section: string | undefined;
  /** Bytes that were left out before `offset`: what is reported counts them. */
  shift = 0;
  /** Bytes that were left out at the end of the section being read. */
  gap = 0;
  readonly #origin: Origin;
  readonly #leftOut: LeftOut | undefined;
  #utf8: TextDecoder | undefined;

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
    // Most numbers are one byte, and a large module has tens of thousands of them.
    const byte = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (byte === undefined || byte > 127) return this.unsigned(32) as number;
    this.offset++;
    return byte;
  }

  /** A LEB128 number of at most `bits` bits; a bigint only where a number would not be exact. */
  unsigned(bits: 32 | 64): number | bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      const digits = byte & 127;
      // The last byte that the width allows must not go on, nor set a spare bit.
      if (shift + 7 > bits && byte >> (bits - shift)) this.unexpected();
      // Integer arithmetic where it holds: there may be thousands of numbers.
      if (shift < 28) low |= digits << shift;
      else if (shift < lowBits) low += digits * 2 ** shift;
      else high += digits * 2 ** (shift - lowBits);
      if (byte > 127) continue;
      if (high < 16) return high ? high * 2 ** lowBits + low : low;
      return (BigInt(high) << BigInt(lowBits)) + BigInt(low);
    }
  }

  name(): string {
    const length = this.u32();
    this.skip(length);
    // Copied, because a decoder refuses shared memory.
    const bytes = this.bytes.slice(this.offset - length, this.offset);
    try {
      // Audio worklets have no decoder but this.
      if (typeof TextDecoder !== "function") return decodeURIComponent(hex(bytes).replace(/../g, "%$&"));
      // Fatal, and a byte order mark is a character of the name like any other.
      this.#utf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return this.#utf8.decode(bytes);
    } catch {
      return this.fail("encoding");
    }
  }

  /** How many items follow, checked before anything is made for them: none takes less than a byte. */
  count(): number {
    const count = this.u32();
    return count > this.end - this.offset ? this.#overrun() : count;
  }

  list<Item>(item: () => Item): Item[] {
    const items: Item[] = [];
    for (let count = this.count(); count; count--) items.push(item());
    return items;
  }

  /** An index, and the item that it stands for. */
  item<Item>(items: readonly Item[], what: string): [index: number, item: Item & {}] {
    const index = this.u32();
    return [index, items[index] ?? this.fail("index", `${what} ${index}`)];
  }

  /** Fails with `malformed`, about the byte last read. */
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

  /** Fails about the byte last read having a value that it cannot have. */
  unexpected(): never {
    return this.fail("byte", this.bytes[this.offset - 1]);
  }

  /** Fails with `truncated`: what begins at `offset` is not there as a whole. */
  truncated(offset: number): never {
    let size = this.bytes.length;
    for (const count of this.#leftOut?.values() ?? []) size += count;
    const { from } = this.#origin;
    throw loadError("truncated", { offset: this.shift + offset, size, ...(from !== undefined && { from }) });
  }

  /** Begins the section whose size was just read; `start` is where its id is. */
  enter(start: number, name: string, size: number): void {
    this.gap = this.#leftOut?.get(start) ?? 0;
    const end = this.offset + size - this.gap;
    if (end > this.end) this.truncated(start);
    this.end = end;
    this.section = name;
  }

  /** Leaves the section; `end` is where the bytes end. */
  leave(end: number): void {
    this.shift += this.gap;
    this.end = end;
    this.section = undefined;
  }

  #overrun(): never {
    return this.section ? this.fail("short") : this.truncated(this.offset);
  }
}

/** Bytes in two hexadecimal digits each. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
