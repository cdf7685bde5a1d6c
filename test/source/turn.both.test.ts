import { type Instance, load, type LoadOptions } from "unglue";
import { describe, expect, it } from "vitest";
import { section } from "../../src/binary/encode.ts";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { text, unsigned } from "../reflect/assemble.ts";
import { rejectionOf, wat } from "../wat.ts";
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

describe("a shape", () => {
  /** A custom section that tells what an import is, and others that are kept. */
  const custom = (name: string, ...contents: readonly number[]) => section(0, [...text(name), ...contents]);
  const named = (name: string) => {
    const names = [1, ...unsigned(0), ...text(name)];
    return custom("name", 1, ...unsigned(names.length), ...names);
  };
  const made = (version: string) =>
    custom("producers", 1, ...text("processed-by"), 1, ...text("wasm-bindgen"), ...text(version));
  const described = async (name: string, version: string): Promise<Uint8Array<ArrayBuffer>> => {
    const start = await wat(`(module
      (import "__wbindgen_placeholder__" "__wbindgen_cast_0000000000000001" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "answer") (result i32) i32.const 42))`);
    const sections = [made(version), named(name), custom("linking.of.none", 1, 2, 3)];
    return Uint8Array.from([...start, ...sections.flat()]);
  };

  // The first load may fetch the reader, and those after it have it at hand.
  it.each([1, 2, 3])("is of the bytes at the time of the call, whatever becomes of them: %i", async () => {
    const own = await described("first", "0.2.100");
    const other = await described("other", "0.2.114");
    expect(other).toHaveLength(own.length);
    const { shape } = await load(own.slice());
    expect(shape.names).toEqual({ functions: [[0, "first"]] });
    const fingerprint = fingerprintOf(shape);
    const loads = [own, new Uint8Array(own), own.buffer].map((bytes) => load(bytes, { fingerprint }));
    own.set(other);
    for (const loading of loads) {
      const wasm = await loading;
      expect(wasm.exports["answer"]).toBeTypeOf("function");
      expect(wasm.shape).toEqual(shape);
    }
  });

  it("is an error that rejects, and never one that is thrown", async () => {
    const whole = await described("first", "0.2.100");
    const detached = whole.slice();
    structuredClone(detached, { transfer: [detached.buffer] });
    const broken: readonly (readonly [code: string, bytes: Uint8Array | ArrayBuffer])[] = [
      ["not-wasm", detached],
      ["not-wasm", detached.buffer],
      ["not-wasm", Uint8Array.of(1, 2, 3)],
      ["truncated", whole.slice(0, 40)],
      ["malformed", Uint8Array.from([...whole.slice(0, 8), 99, 0])],
    ];
    for (const [code, bytes] of broken) {
      const loading = load(bytes);
      if (bytes.byteLength > 0)
        new Uint8Array(bytes instanceof Uint8Array ? bytes.buffer : bytes).set(whole.slice(0, 3));
      expect(await rejectionOf(loading)).toMatchObject({ code });
    }
  });
});
