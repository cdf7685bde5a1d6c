// The job that every program and page does with the library. It uses nothing that only one of them has.
/* global atob, fetch, TextDecoder, WebAssembly */

/**
 * Loads modules that need every part of the library.
 *
 * @param {{ load: Function }} library - The library, as the consumer got it.
 * @param {{ app: unknown, adding: string }} sources - The module of `app.mjs`, wherever the consumer has it, and the
 *   `data:` URL of one that adds.
 * @returns {Promise<object>} What came out of it: see `expected`.
 */
export async function exercise({ load }, { app, adding }) {
  const lines = [];
  let received = 0;
  const wasm = await load(app, {
    imports: (instance) => ({
      env: { log: (address, length) => lines.push(instance.memory.readString(address, length)) },
    }),
    onProgress: ({ loaded }) => (received = loaded),
  });
  wasm.memory.arena((arena) => {
    const text = arena.string("grüezi");
    wasm.exports.shout(text.address, text.length);
  });
  const multiply = wasm.callback("ii->i", (a, b) => a * b);

  const bytes = Uint8Array.from(atob(adding.split(",")[1]), (character) => character.charCodeAt(0));
  const sources = [bytes, bytes.buffer, new WebAssembly.Module(bytes)];
  // jsdom has no fetch.
  if (typeof fetch === "function") sources.push(adding);
  const small = await Promise.all(sources.map((source) => load(source)));
  return {
    lines,
    product: wasm.exports.apply(multiply, 6, 7),
    received: received > 8000,
    exports: small.every(({ shape }) => shape.exports.length === 1 && shape.exports[0].name === "add"),
    sums: small.every(({ exports }) => exports.add(1, 2) === 3),
  };
}

/**
 * Loads a page in place of a module.
 *
 * @param {{ load: Function, UnglueError: Function }} library - The library, as the consumer got it.
 * @returns {Promise<object>} What is said of it: see `expectedError`.
 */
export async function fail({ load, UnglueError }) {
  const html = Uint8Array.from("<!doctype html><title>Not found</title>", (character) => character.charCodeAt(0));
  try {
    await load(html);
  } catch (error) {
    return {
      own: error instanceof UnglueError,
      known: UnglueError.is(error, "not-wasm"),
      saysHtml: error.message.includes("HTML"),
    };
  }
  throw new Error("A page was loaded as a module.");
}

/**
 * Runs modules in workers.
 *
 * @param {{ offload: Function, t: object }} library - The library, as the consumer got it.
 * @param {{ app: unknown, adding: string }} sources - As for `exercise`.
 * @returns {Promise<object>} What came out of it: see `expectedOffload`.
 */
export async function exerciseOffload({ offload, t }, { app, adding }) {
  const api = t.api({ shout: t.fn([t.array(t.u8, { mutable: true })], t.void) });
  const wasm = await offload(app, { api, missing: "zero", workers: 2 });
  const text = new TextEncoder().encode("grüezi");
  await wasm.api.shout(text);
  await wasm.dispose();
  const small = await offload(adding);
  const sum = await small.exports.add(1, 2);
  await small.dispose();
  return { shouted: new TextDecoder().decode(text), sum };
}

/** The result of `exercise` everywhere. */
export const expected = { lines: ["GRüEZI"], product: 42, received: true, exports: true, sums: true };

/** The result of `exerciseOffload` everywhere. */
export const expectedOffload = { shouted: "GRüEZI", sum: 3 };

/** The result of `fail` everywhere. */
export const expectedError = { own: true, known: true, saysHtml: true };
