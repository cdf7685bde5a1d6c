/* global atob -- in Node and in the browser */
// Rounds that are repeated, in Node and in Chromium, to see whether memory grows. `library` is the built one.

/** Base64 of the module that `leaks.test.ts` assembles. */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/**
 * Prepares both kinds of rounds.
 *
 * @param {typeof import("../../dist/node.js")} library - The library.
 * @param {string} base64 - The module.
 * @returns {Promise<{ loads(count: number): Promise<void>, handles(count: number): void }>} Each does its rounds.
 */
export async function prepare({ load, t }, base64) {
  const bytes = bytesOf(base64);
  const api = t.api({
    greet: t.fn([t.string], t.u32),
    keep: t.fn([t.js], t.js),
    Counter: t.class({ new: t.ctor([]), add: t.method([t.u32], t.u32) }),
  });
  const open = () => load(bytes, { api, imports: { env: { seen: () => undefined } } });
  const lasting = await open();
  return {
    // One of everything that an instance can hold, most of it given back and some of it forgotten.
    async loads(count) {
      for (let round = 0; round < count; round += 1) {
        const wasm = await open();
        wasm.api.greet("hello");
        wasm.api.keep({ round });
        const counter = new wasm.api.Counter();
        counter.add(1);
        counter.free();
        new wasm.api.Counter().add(2);
        wasm.callback("i->i", (value) => value + round);
        wasm.memory.arena((arena) => arena.string("text"));
        wasm.handles.add({ round });
        wasm.dispose();
      }
    },
    handles(count) {
      for (let round = 0; round < count; round += 1) {
        lasting.handles.take(lasting.handles.add(round));
        lasting.handles.borrow({ round }, (handle) => lasting.handles.get(handle));
        lasting.api.keep(round);
        if (round % 100 === 0) {
          new lasting.api.Counter().free();
          lasting.freeCallback(lasting.callback("i->i", (value) => value + round));
        }
      }
    },
  };
}

/**
 * The slope of a line through points, by least squares.
 *
 * @param {readonly (readonly [x: number, y: number])[]} points - The points.
 * @returns {number}
 */
export function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
