/** The cost of throwing in `brotli-wasm` under its own JavaScript. */
import { requirePackage } from "../modules.mjs";

const calls = 1000;

/**
 * Counts the bytes of stack that a thousand throwing calls lose. The package gives its module's exports away, so its stack
 * can be looked at before and after.
 *
 * @returns {object} The calls, the messages, and bytes.
 */
export function brotliThrowing() {
  const { CompressStream, __wasm } = requirePackage("brotli-wasm");
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
