import { Failure } from "../failure.ts";
import { Cursor } from "./cursor.ts";
import { header, isModule } from "./magic.ts";
import { endsHead } from "./sections.ts";

/**
 * Finds the end of a module's head, all that comes before its code, while its bytes arrive. It holds what has arrived
 * and no more, whatever sizes the sections announce.
 *
 * @example
 * ```ts
 * const scanner = new HeadScanner();
 * for await (const chunk of stream) if (scanner.push(chunk)) break;
 * const shape = readHead(scanner.bytes);
 * ```
 */
export class HeadScanner {
  #buffer = new Uint8Array(0);
  #length = 0;
  /** Where the next section begins, as far as is known. */
  #next = header.length;

  /**
   * The head, once `push` has returned true; before that, all that has arrived.
   */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk - The bytes; they are copied.
   * @returns Whether the head is complete, or broken in a way that `readHead` will name: no more bytes are wanted.
   */
  push(chunk: Uint8Array): boolean {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    return this.#scan();
  }

  #scan(): boolean {
    const cursor = new Cursor(this.bytes);
    if (this.#length >= header.length && !isModule(this.bytes)) return true;
    while (this.#next < this.#length) {
      cursor.offset = this.#next;
      if (endsHead(cursor.byte())) {
        this.#length = this.#next;
        return true;
      }
      try {
        const size = cursor.u32();
        this.#next = cursor.offset + size;
      } catch (error) {
        // A size that is cut off goes on in the next chunk; one that is malformed never ends.
        return !(Failure.is(error) && error.code === "truncated");
      }
    }
    return false;
  }
}
