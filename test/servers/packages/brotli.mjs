/** What `brotli-wasm` itself returns for real files, and what it throws. */
import { Buffer } from "node:buffer";
import { inputBytes, inputNames, requirePackage } from "./modules.mjs";

/** A quality that leaves the large files quick to compress. */
const quality = 5;

/** How many bytes go into a stream at a time. Its output buffer is smaller, so that it also runs full. */
const pieceSize = 10_000;

/**
 * The compressed form of every input file, at once and by a stream; what damaged data throws; what a throw costs.
 *
 * @returns {Promise<object>} Base64 by file name, thrown values, and bytes of the module's stack.
 */
export async function brotliAnswers() {
  const brotli = requirePackage("brotli-wasm");
  const compressed = {};
  const streamed = {};
  for (const file of inputNames) {
    const bytes = await inputBytes(file);
    compressed[file] = Buffer.from(brotli.compress(bytes, { quality })).toString("base64");
    streamed[file] = compressStreamed(brotli, bytes).toString("base64");
  }
  const invalid = [[], [1, 2, 3], [255, 255, 255], [...brotli.compress(Buffer.from("cut short"), {})].slice(0, -3)];
  return {
    quality,
    pieceSize,
    compressed,
    streamed,
    invalid: invalid.map((bytes) => ({ bytes, thrown: thrownBy(() => brotli.decompress(Uint8Array.from(bytes))) })),
    noOptions: thrownBy(() => brotli.compress(Uint8Array.of(1), 5)),
    throwing: lostByThrowing(brotli, 1000),
  };
}

function compressStreamed({ BrotliStreamResultCode, CompressStream }, bytes) {
  const stream = new CompressStream(quality);
  const parts = [];
  const feed = (piece) => {
    const result = stream.compress(piece, pieceSize / 10);
    parts.push(result.buf);
    const { code, input_offset: consumed } = result;
    result.free();
    return { code, consumed };
  };
  for (let at = 0; at < bytes.length;) at += feed(bytes.subarray(at, at + pieceSize)).consumed;
  while (feed(undefined).code === BrotliStreamResultCode.NeedsMoreOutput);
  stream.free();
  return Buffer.concat(parts);
}

/** The package gives its module's exports away, so its stack can be looked at before and after. */
function lostByThrowing({ CompressStream, __wasm }, calls) {
  const before = __wasm.__wbindgen_add_to_stack_pointer(0);
  const messages = new Set();
  for (let at = 0; at < calls; at += 1) {
    const stream = new CompressStream();
    stream.free();
    messages.add(thrownBy(() => stream.compress(undefined, 16)));
  }
  return { calls, messages: [...messages], lost: before - __wasm.__wbindgen_add_to_stack_pointer(0) };
}

function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("The package accepted what it should refuse.");
}
