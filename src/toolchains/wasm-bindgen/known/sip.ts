/** A hash of 64 bits, as two signed halves. */
export interface SipHash {
  readonly high: number;
  readonly low: number;
}

/**
 * Computes SipHash-1-3 with a key of zeros, like Rust's `DefaultHasher`.
 *
 * @param message - All bytes that were fed to the hasher, one character each.
 */
export function sipHash(message: string): SipHash {
  // Four 64-bit words, each as two halves. They are variables, and nothing is called, for speed: modules have many imports to
  // try, most of them before the engine has optimized anything.
  let [aLow, aHigh, bLow, bHigh] = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261];
  let [cLow, cHigh, dLow, dHigh] = [0x6e657261, 0x6c796765, 0x79746573, 0x74656462];
  const { length } = message;
  const blocks = (length >> 3) + 1;
  // After the last block come three rounds without input.
  for (let block = 0; block < blocks + 3; block++) {
    let wordLow = 0;
    let wordHigh = 0;
    if (block < blocks) {
      const at = block << 3;
      // Beyond the end the result is NaN, which bitwise operators treat as zero. The last block ends with the length.
      wordLow =
        message.charCodeAt(at) |
        (message.charCodeAt(at + 1) << 8) |
        (message.charCodeAt(at + 2) << 16) |
        (message.charCodeAt(at + 3) << 24);
      wordHigh =
        message.charCodeAt(at + 4) |
        (message.charCodeAt(at + 5) << 8) |
        (message.charCodeAt(at + 6) << 16) |
        (message.charCodeAt(at + 7) << 24) |
        (block === blocks - 1 ? length << 24 : 0);
      dLow ^= wordLow;
      dHigh ^= wordHigh;
    } else if (block === blocks) {
      cLow ^= 0xff;
    }

    let low = (aLow >>> 0) + (bLow >>> 0);
    aHigh = (aHigh + bHigh + (low > 0xffffffff ? 1 : 0)) | 0;
    aLow = low | 0;
    low = (bLow << 13) | (bHigh >>> 19);
    bHigh = ((bHigh << 13) | (bLow >>> 19)) ^ aHigh;
    bLow = low ^ aLow;
    low = aHigh;
    aHigh = aLow;
    aLow = low;

    low = (cLow >>> 0) + (dLow >>> 0);
    cHigh = (cHigh + dHigh + (low > 0xffffffff ? 1 : 0)) | 0;
    cLow = low | 0;
    low = (dLow << 16) | (dHigh >>> 16);
    dHigh = ((dHigh << 16) | (dLow >>> 16)) ^ cHigh;
    dLow = low ^ cLow;

    low = (aLow >>> 0) + (dLow >>> 0);
    aHigh = (aHigh + dHigh + (low > 0xffffffff ? 1 : 0)) | 0;
    aLow = low | 0;
    low = (dLow << 21) | (dHigh >>> 11);
    dHigh = ((dHigh << 21) | (dLow >>> 11)) ^ aHigh;
    dLow = low ^ aLow;

    low = (cLow >>> 0) + (bLow >>> 0);
    cHigh = (cHigh + bHigh + (low > 0xffffffff ? 1 : 0)) | 0;
    cLow = low | 0;
    low = (bLow << 17) | (bHigh >>> 15);
    bHigh = ((bHigh << 17) | (bLow >>> 15)) ^ cHigh;
    bLow = low ^ cLow;
    low = cHigh;
    cHigh = cLow;
    cLow = low;

    aLow ^= wordLow;
    aHigh ^= wordHigh;
  }
  return { high: aHigh ^ bHigh ^ cHigh ^ dHigh, low: aLow ^ bLow ^ cLow ^ dLow };
}

/**
 * Writes a hash as 16 lower-case hexadecimal digits.
 *
 * @param hash - The hash.
 */
export function digitsOf({ high, low }: SipHash): string {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
