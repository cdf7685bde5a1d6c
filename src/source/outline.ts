const magic = [0, 0x61, 0x73, 0x6d];
const headerLength = 8;
const codeId = 10;
const lastId = 13;
/** Bytes of a section's id and of its size in LEB128. */
const longestStart = 6;

/**
 * Follows a module's sections while its bytes pass, and keeps none of them. It tells how long a module is at least, where
 * nothing else tells its length.
 */
export class Outline {
  #passed = 0;
  /** Where the last section ends that has begun. */
  #end = headerLength;
  /** What has passed of the next section's id and size. */
  #start: number[] = [];
  #hasCode = false;
  #isBroken = false;

  /** Where the last section ends that has begun, once the code has; `undefined` before that, and for what is no module. */
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
