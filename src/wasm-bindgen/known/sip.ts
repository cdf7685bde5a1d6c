/**
 * SipHash-1-3 with a key of zeros: what Rust's `DefaultHasher` computes.
 *
 * @param message - The bytes that were fed to the hasher, all of them.
 * @returns The hash as 16 lower-case hexadecimal digits.
 */
export function sipHash(message: ArrayLike<number>): string {
  // The four words of the state, low half first.
  const state = Int32Array.of(
    0x70736575,
    0x736f6d65,
    0x6e646f6d,
    0x646f7261,
    0x6e657261,
    0x6c796765,
    0x79746573,
    0x74656462,
  );
  const { length } = message;
  const byte = (at: number): number => (at < length ? (message[at] as number) : 0);
  const half = (at: number): number => byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
  for (let at = 0; at <= length; at += 8) {
    const low = half(at);
    // The last block ends with the length.
    const high = half(at + 4) | (at + 8 > length ? length << 24 : 0);
    mix(state, 6, low, high);
    round(state);
    mix(state, 0, low, high);
  }
  mix(state, 4, 0xff, 0);
  for (let rounds = 0; rounds < 3; rounds++) round(state);
  const digits = (from: number): string =>
    (state.reduce((sum, word, index) => (index % 2 === from ? sum ^ word : sum), 0) >>> 0)
      .toString(16)
      .padStart(8, "0");
  return digits(1) + digits(0);
}

function round(state: Int32Array): void {
  add(state, 0, 2);
  turn(state, 2, 13, 0);
  turn(state, 0, 32);
  add(state, 4, 6);
  turn(state, 6, 16, 4);
  add(state, 0, 6);
  turn(state, 6, 21, 0);
  add(state, 4, 2);
  turn(state, 2, 17, 4);
  turn(state, 4, 32);
}

/** Adds the word at `from` to the word at `to`. */
function add(state: Int32Array, to: number, from: number): void {
  const low = (at(state, to) >>> 0) + (at(state, from) >>> 0);
  state[to + 1] = at(state, to + 1) + at(state, from + 1) + (low > 0xffffffff ? 1 : 0);
  state[to] = low;
}

/** Rotates a word left, then mixes the word at `from` into it. */
function turn(state: Int32Array, word: number, bits: number, from?: number): void {
  const low = at(state, word);
  const high = at(state, word + 1);
  state[word] = bits === 32 ? high : (low << bits) | (high >>> (32 - bits));
  state[word + 1] = bits === 32 ? low : (high << bits) | (low >>> (32 - bits));
  if (from !== undefined) mix(state, word, at(state, from), at(state, from + 1));
}

function mix(state: Int32Array, word: number, low: number, high: number): void {
  state[word] = at(state, word) ^ low;
  state[word + 1] = at(state, word + 1) ^ high;
}

function at(state: Int32Array, index: number): number {
  return state[index] as number;
}
