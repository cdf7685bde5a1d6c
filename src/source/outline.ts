const magic = [0, 0x61, 0x73, 0x6d];
const headerLength = 8;
const codeId = 10;
const lastId = 13;
/** The size of a section's id and of its size in LEB128, in bytes. */
const longestStart = 6;

/**
 * Follows a module's sections while its bytes pass, without keeping any. It gives a lower bound for a module's length if
 * nothing else tells it.
 */
export class Outline {
  #passed = 0;
  /** The end of the last section that has begun. */
  #end = headerLength;
  /** The bytes of the next section's id and size that have passed. */
  #start: number[] = [];
  #hasCode = false;
  #isBroken = false;

  /**
   * The end of the last section that has begun, once that includes the code; `undefined` before, and for bytes that are not
   * a module.
   */
  get end(): number | undefined {
    return this.#hasCode && !this.#isBroken ? this.#end : undefined;
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && !this.#isBroken;) {
      const inside = this.#passed < magic.length ? 0 : Math.min(this.#end - this.#passed, chunk.length - at);
      if (inside <= 0) this.#read(chunk[at] ?? 0);
      at += Math.max(inside, 1);
      this.#passed += Math.max(inside, 1);
    }
  }

  #read(byte: number): void {
    if (this.#passed < magic.length) {
      this.#isBroken = byte !== magic[this.#passed];
      return;
    }
    this.#start.push(byte);
    const [id = 0, ...digits] = this.#start;
    this.#isBroken = id > lastId || this.#start.length > longestStart;
    if (digits.length === 0 || byte > 127) return;
    const size = digits.reduceRight((sum, digit) => sum * 128 + (digit & 127), 0);
    this.#end = this.#passed + 1 + size;
    this.#hasCode ||= id === codeId;
    this.#start = [];
  }
}
