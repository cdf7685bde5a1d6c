import { Cursor, type LeftOut } from "./cursor.ts";
import { isRead } from "./custom.ts";
import { header, isModule } from "./magic.ts";
import { endsHead } from "./sections.ts";

/** The size up to which a custom section is kept, in bytes. */
const fewEnough = 1024;

/** How many first bytes of a source that is not a module are kept, to identify it. */
const startLength = 256;

/**
 * Finds the end of a module's head (everything before its code) while its bytes arrive. It holds only bytes that have
 * arrived, whatever sizes the sections announce. Of a custom section without a reader it keeps only the name.
 *
 * @example
 * ```ts
 * const scanner = new HeadScanner();
 * for await (const chunk of stream) if (scanner.push(chunk)) break;
 * const shape = readHead(scanner.bytes, {}, scanner.leftOut);
 * ```
 */
export class HeadScanner {
  readonly #leftOut = new Map<number, number>();
  readonly #keepsAll: boolean;
  #buffer = new Uint8Array(0);
  #length = 0;
  /** The start of the next section to examine, in the buffer. */
  #section = header.length;
  /** The number of bytes that the buffer needs before scanning can continue. It receives exactly these. */
  #wanted = header.length;
  /** The bytes still to be skipped, and the section that they belong to. */
  #skipping: { readonly section: number; left: number } | undefined;

  /** @param keepsAll - Whether to keep the contents of every custom section, for a caller that passes the head on. */
  constructor(keepsAll = false) {
    this.#keepsAll = keepsAll;
  }

  /** The head, once `push` has returned true; before that, all bytes that have arrived. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The parts that are missing in `bytes`. */
  get leftOut(): LeftOut {
    return this.#leftOut;
  }

  /** The end of the head, in bytes from the module's start; before it is complete, how many bytes have arrived. */
  get end(): number {
    let end = this.#length;
    for (const count of this.#leftOut.values()) end += count;
    return end;
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk - The bytes; they are copied.
   * @returns Whether no more bytes are needed: the head is complete, or broken in a way that `readHead` will report.
   */
  push(chunk: Uint8Array): boolean {
    let rest = this.#skip(chunk);
    while (!this.#skipping) {
      const taken = Math.min(this.#wanted - this.#length, rest.length);
      this.#append(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      if (this.#length < this.#wanted) return false;
      if (this.#section === header.length && !isModule(this.bytes)) {
        this.#append(rest.subarray(0, startLength));
        return true;
      }
      if (this.#look()) return true;
      rest = this.#skip(rest);
    }
    return false;
  }

  /** Examines the section that begins at `#section`; returns whether the head is complete or broken. */
  #look(): boolean {
    const start = this.#section;
    this.#wanted = start + 1;
    if (this.#length <= start) return false;
    const cursor = new Cursor(this.bytes);
    cursor.offset = start;
    const id = cursor.byte();
    if (endsHead(id)) {
      this.#length = start;
      return true;
    }
    // A truncated number continues in the next byte; a malformed one never ends.
    const size = readSize(cursor);
    if (typeof size !== "number") return size === "malformed" || this.#want(this.#length + 1);
    const end = cursor.offset + size;
    if (id !== 0 || this.#keepsAll || size <= fewEnough) return this.#goOnAt(end);
    const length = readSize(cursor);
    if (length === "cut off") return this.#want(this.#length + 1);
    let contents = cursor.offset;
    // If the name cannot be read, its length is enough to report that.
    if (typeof length === "number" && length <= end - contents) {
      contents += length;
      if (this.#length < contents) return this.#want(contents);
      if (isRead(this.#buffer.subarray(contents - length, contents))) return this.#goOnAt(end);
    }
    this.#skipping = { section: start, left: end - contents };
    this.#leftOut.set(start, 0);
    return this.#goOnAt(contents);
  }

  #goOnAt(section: number): false {
    this.#section = section;
    return this.#want(section + 1);
  }

  #want(length: number): false {
    this.#wanted = length;
    return false;
  }

  /** Skips the bytes to be left out; returns the rest. */
  #skip(bytes: Uint8Array): Uint8Array {
    const skipping = this.#skipping;
    if (!skipping) return bytes;
    const count = Math.min(skipping.left, bytes.length);
    this.#leftOut.set(skipping.section, (this.#leftOut.get(skipping.section) ?? 0) + count);
    skipping.left -= count;
    if (skipping.left === 0) this.#skipping = undefined;
    return bytes.subarray(count);
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }
}

/** The most bytes that a size takes. */
const longestSize = 5;

function readSize(cursor: Cursor): number | "cut off" | "malformed" {
  const { bytes, offset } = cursor;
  let last = offset;
  while (last < bytes.length && (bytes[last] ?? 0) > 127) last++;
  // Nearly every size is cut off at first, and an error for each would take longer than the scan.
  if (last === bytes.length && last - offset < longestSize) return "cut off";
  try {
    return cursor.u32();
  } catch {
    return "malformed";
  }
}
