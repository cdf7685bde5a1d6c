/** The answers of `xxhash-wasm` itself for real files. */
import xxhash from "xxhash-wasm";
import { inputBytes, inputNames } from "../modules.mjs";

const seeds32 = [0, 1, 0xfedcba98];
const seeds64 = [0n, 1n, 0xfedcba9876543210n];

/**
 * One-shot and streamed hashes of every input file, with several seeds; 64-bit values as decimal strings.
 *
 * @returns {Promise<object[]>} One answer per file and seed.
 */
export async function xxhashAnswers() {
  const { h32Raw, h64Raw, create32, create64 } = await xxhash();
  const answers = [];
  for (const file of inputNames) {
    const bytes = await inputBytes(file);
    for (const [index, seed32] of seeds32.entries()) {
      const seed64 = seeds64[index];
      const [stream32, stream64] = [create32(seed32), create64(seed64)];
      for (let at = 0; at < bytes.length; at += 10_007) {
        stream32.update(bytes.subarray(at, at + 10_007));
        stream64.update(bytes.subarray(at, at + 10_007));
      }
      answers.push({
        file,
        seed32,
        seed64: `${seed64}`,
        h32: h32Raw(bytes, seed32),
        h64: `${h64Raw(bytes, seed64)}`,
        streamed32: stream32.digest(),
        streamed64: `${stream64.digest()}`,
      });
    }
  }
  return answers;
}
