/**
 * Computes SipHash-1-3 with a key of zeros, like Rust's `DefaultHasher`.
 *
 * @param message - All bytes that were fed to the hasher, one character each.
 * @returns The hash as 16 lower-case hexadecimal digits.
 */
export function sipHash(message: string): string {
  // Four 64-bit words, each as two halves. They are variables, not a list, for speed: modules have many imports to try.
  let [aLow, aHigh, bLow, bHigh] = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261];
  let [cLow, cHigh, dLow, dHigh] = [0x6e657261, 0x6c796765, 0x79746573, 0x74656462];
  const { length } = message;
  // Beyond the end the result is NaN, which bitwise operators treat as zero.
  const byte = (at: number): number => message.charCodeAt(at);
  const half = (at: number): number => byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
  const round = (): void => {
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
  };
  for (let at = 0; at <= length; at += 8) {
    const low = half(at);
    // The last block ends with the length.
    const high = half(at + 4) | (at + 8 > length ? length << 24 : 0);
    dLow ^= low;
    dHigh ^= high;
    round();
    aLow ^= low;
    aHigh ^= high;
  }
  cLow ^= 0xff;
  for (let rounds = 0; rounds < 3; rounds++) round();
  return digits(aHigh ^ bHigh ^ cHigh ^ dHigh) + digits(aLow ^ bLow ^ cLow ^ dLow);
}

function digits(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
