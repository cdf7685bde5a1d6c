import { type Instance, load, type LoadOptions } from "unglue";
import { describe, expect, it } from "vitest";
import { wat } from "../wat.ts";
import { hashOf } from "./served.ts";

const bytes = await wat(`(module (memory (export "memory") 1) (func (export "answer") (result i32) i32.const 42))`);
const integrity = await hashOf(bytes);
const compressed = new Uint8Array(
  await new Response(new Response(bytes).body!.pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
);

/** Views of memory whose owner goes on to use it. */
const owned: Record<string, (contents: Uint8Array<ArrayBuffer>) => Uint8Array> = {
  "an array's": (contents) => contents.slice(),
  "a resizable buffer's": (contents) => {
    const size = { maxByteLength: 2 * contents.length };
    const view = new Uint8Array(Reflect.construct(ArrayBuffer, [contents.length, size]) as ArrayBuffer);
    view.set(contents);
    return view;
  },
  "a shared buffer's": (contents) => {
    const view = new Uint8Array(new SharedArrayBuffer(contents.length));
    view.set(contents);
    return view;
  },
  "a memory's": (contents) => {
    const view = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer, 8, contents.length);
    view.set(contents);
    return view;
  },
};

const settings: Record<string, LoadOptions | undefined> = {
  "no options": undefined,
  integrity: { integrity },
  onProgress: { onProgress: () => undefined },
  "limits of what it defines": { limits: { memoryPages: 2 } },
  "a limit of bytes": { limits: { bytes: 1000 } },
  imports: { imports: { env: {} } },
  retry: { retry: {} },
};

async function answerOf(loading: Promise<Instance>): Promise<unknown> {
  return ((await loading).exports["answer"] as () => number)();
}

describe.each(Object.entries(settings))("bytes with %s", (name, options) => {
  it.each(Object.keys(owned))("are taken before load returns, when they are %s", async (kind) => {
    for (const contents of name === "integrity" ? [bytes] : [bytes, compressed]) {
      const view = owned[kind]!(contents);
      const loading = load(view, options);
      view.fill(0);
      expect(await answerOf(loading)).toBe(42);
    }
  });

  it("are taken when a promise or a function brings them", async () => {
    const copies = Array.from({ length: 3 }, () => bytes.slice());
    const [promised, returned, late] = copies as [typeof bytes, typeof bytes, typeof bytes];
    const promise = Promise.resolve(promised);
    const loading = [
      load(promise, options),
      load(() => returned, options),
      load(async () => {
        await Promise.resolve();
        return late;
      }, options),
    ];
    // Asked after the load had been.
    void promise.then((brought) => brought.fill(0));
    expect(await Promise.all(loading.map(answerOf))).toEqual([42, 42, 42]);
    // A function is called once its options have been read, and what it returns is taken then.
    const own = bytes.slice();
    const called = load(() => {
      queueMicrotask(() => own.fill(0));
      return own;
    }, options);
    expect(await answerOf(called)).toBe(42);
  });

  it("may be transferred away", async () => {
    const own = bytes.slice();
    const loading = load(own, options);
    structuredClone(own, { transfer: [own.buffer] });
    expect(own.length).toBe(0);
    expect(await answerOf(loading)).toBe(42);
  });
});

describe("other sources that can change", () => {
  it("are read before load returns", async () => {
    const url = new URL(`data:application/wasm;base64,${btoa(String.fromCharCode(...bytes))}`);
    const loading = load(url);
    url.href = "data:text/plain,nothing";
    expect(await answerOf(loading)).toBe(42);
  });
});
