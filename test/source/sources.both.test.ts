import {
  compile,
  compileSync,
  inspect,
  load,
  loadSync,
  type Module,
  type Progress,
  type Shape,
  type Source,
} from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { readStream } from "../../src/source/body.ts";
import { gather } from "../../src/source/chunks.ts";
import { hashOf } from "./served.ts";

const bytes = await wat(`(module
  (import "env" "f" (func (param i64)))
  (func (export "answer") (result i32) i32.const 42))`);
const compiled = await WebAssembly.compile(bytes);
const wasmType = { headers: { "Content-Type": "application/wasm" } };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function answer(module: Module): unknown {
  const { exports } = new WebAssembly.Instance(module.raw, { env: { f: () => undefined } });
  return (exports.answer as () => number)();
}

/** The bytes in the middle of a larger buffer. */
function inside(buffer: ArrayBufferLike): Uint8Array {
  new Uint8Array(buffer).fill(0x1f);
  const view = new Uint8Array(buffer, 3, bytes.length);
  view.set(bytes);
  return view;
}

async function gzipped(contents: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Response(contents).body!.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A stream that gives chunks, then ends, or fails, or waits for ever. */
function streamOf(chunks: readonly unknown[], end: "close" | "hang" | Error = "close") {
  const cancel = vi.fn();
  const left = [...chunks];
  const stream = new ReadableStream<never>({
    pull(controller) {
      if (left.length) controller.enqueue(left.shift() as never);
      else if (end === "close") controller.close();
      else if (end !== "hang") controller.error(end);
    },
    cancel,
  });
  return { stream, cancel };
}

const size = bytes.length + 10;
const held: Record<string, () => ArrayBuffer | SharedArrayBuffer | ArrayBufferView> = {
  "a Uint8Array": () => bytes,
  "an ArrayBuffer": () => bytes.slice().buffer,
  "a view at an offset": () => inside(new ArrayBuffer(size)),
  "a DataView at an offset": () => {
    const { buffer, byteOffset, byteLength } = inside(new ArrayBuffer(size));
    return new DataView(buffer, byteOffset, byteLength);
  },
  "a SharedArrayBuffer": () => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return shared;
  },
  "a view of a SharedArrayBuffer": () => inside(new SharedArrayBuffer(size)),
  "a view of a resizable ArrayBuffer": () => {
    const resizable = Reflect.construct(ArrayBuffer, [size, { maxByteLength: 2 * size }]) as ArrayBuffer;
    return inside(resizable);
  },
};

/** The shape from inspect, without the classes that it alone lists. */
function shapeOf(bytes: Uint8Array<ArrayBuffer>): Shape {
  const { classes, ...shape } = inspect(bytes);
  expect(classes).toBeDefined();
  return shape;
}

describe("bytes", () => {
  it.each(Object.keys(held))("can be %s", async (kind) => {
    const source = held[kind]!();
    expect(answer(await compile(source))).toBe(42);
    expect(answer(compileSync(source))).toBe(42);
    expect(answer(await compile(() => Promise.resolve(source)))).toBe(42);
    expect((await compile(source)).shape).toEqual(shapeOf(bytes));
    const integrity = await hashOf(bytes, 384);
    expect(answer(await compile(source, { integrity }))).toBe(42);
  });

  it("are neither changed nor taken away", async () => {
    const copy = bytes.slice();
    await compile(copy);
    await compile(copy, { integrity: await hashOf(bytes) });
    await compile(new Blob([copy]));
    compileSync(copy);
    expect(copy).toEqual(bytes);
  });

  it("are compiled where they are", async () => {
    const compiler = vi.spyOn(WebAssembly, "compile");
    const view = inside(new ArrayBuffer(size));
    await compile(view);
    expect((compiler.mock.calls[0]?.[0] as Uint8Array).buffer).toBe(view.buffer);
  });

  it("are compiled as they were hashed, whatever their owner does meanwhile", async () => {
    const owned = bytes.slice();
    const compiler = vi.spyOn(WebAssembly, "compile");
    const compiling = compile(owned, { integrity: await hashOf(bytes) });
    // Between any two turns of the promises.
    for (let turn = 0; turn < 50 && !compiler.mock.calls.length; turn += 1) {
      if (turn === 25) owned.fill(0);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect(answer(await compiling)).toBe(42);
    expect((compiler.mock.calls[0]?.[0] as Uint8Array).buffer).not.toBe(owned.buffer);
  });

  it("are decompressed, but not while everything waits", async () => {
    const compressed = await gzipped(bytes);
    expect(answer(await compile(compressed))).toBe(42);
    expect(answer(await compile(compressed, { integrity: await hashOf(compressed) }))).toBe(42);
    const error = thrownBy(() => compileSync(compressed));
    expect(error).toMatchObject({ code: "not-wasm", details: { found: "gzip" } });
    expect((error as Error).message).toContain("`load`");
    const twice = await rejectionOf(compile(await gzipped(compressed)));
    expect(twice).toMatchObject({ code: "not-wasm", details: { found: "gzip" } });
    // No call does that.
    expect((twice as Error).message).toContain("The source is compressed with gzip twice. Compress it once.");
  });

  it.each(["DecompressionStream", "ReadableStream"])("that are compressed need a host that has %s", async (name) => {
    const compressed = await gzipped(bytes);
    vi.stubGlobal(name, undefined);
    const error = await rejectionOf(compile(compressed));
    expect(error).toMatchObject({ code: "not-wasm", details: { found: "gzip" } });
    expect((error as Error).message).toContain(
      `The source is compressed with gzip, and this host has no ${name}. Decompress it first, or serve it with ` +
        "Content-Encoding: gzip.",
    );
  });

  it("that are no module say what they are", async () => {
    const text = (source: string) => new TextEncoder().encode(source);
    const cases: [contents: Uint8Array, error: object][] = [
      [new Uint8Array(0), { code: "not-wasm", details: { found: "empty" } }],
      [text("<!doctype html>"), { code: "not-wasm", details: { found: "html" } }],
      [text("(module)"), { code: "not-wasm", details: { found: "wat" } }],
      [text('{"a":1}'), { code: "not-wasm", details: { found: "json" } }],
      [text("f"), { code: "not-wasm", details: { found: "text" } }],
      [Uint8Array.of(0x1f), { code: "not-wasm", details: { found: "unknown" } }],
      [Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0), { code: "not-wasm", details: { found: "component" } }],
      [bytes.subarray(0, 25), { code: "truncated", details: { size: 25 } }],
      [bytes.subarray(0, -1), { code: "truncated", details: { size: bytes.length - 1 } }],
    ];
    for (const [contents, error] of cases) {
      expect(await rejectionOf(compile(contents))).toMatchObject(error);
      expect(await rejectionOf(compile(new Blob([contents.slice()])))).toMatchObject(error);
      const headers = { "Content-Type": "application/wasm", "Content-Length": String(contents.length) };
      expect(await rejectionOf(compile(new Response(contents.slice(), { headers })))).toMatchObject(error);
      expect(thrownBy(() => compileSync(contents))).toMatchObject(error);
    }
  });

  it("win over a shape that is given with them", async () => {
    const other = inspect(await wat(`(module (func (export "other")))`));
    expect((await compile(bytes, { shape: other })).shape).toEqual(shapeOf(bytes));
    expect(compileSync(bytes, { shape: other }).shape).toEqual(shapeOf(bytes));
  });
});

describe("a Blob", () => {
  it("is read as a stream, with its size as total", async () => {
    const seen: Progress[] = [];
    const blob = new Blob([bytes.subarray(0, 5), bytes.subarray(5)]);
    const arrayBuffer = vi.spyOn(blob, "arrayBuffer");
    const onProgress = (progress: Progress) => void seen.push(progress);
    expect(answer(await compile(blob, { onProgress }))).toBe(42);
    expect(seen.at(-1)).toEqual({ loaded: bytes.length, total: bytes.length });
    expect(arrayBuffer).not.toHaveBeenCalled();
  });

  it("of another implementation is read whole", async () => {
    const blob = { size: bytes.length, type: "", arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
    expect(answer(await compile(blob))).toBe(42);
    const cause = new Error("the file has changed");
    const failing = compile({ ...blob, arrayBuffer: () => Promise.reject(cause) });
    expect(await rejectionOf(failing)).toMatchObject({ code: "read-failed", cause });
  });
});

describe("a stream", () => {
  it("can come in chunks of any size and kind", async () => {
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    const { buffer } = bytes.slice(10);
    for (const chunks of [[bytes], single, [new Uint8Array(0), bytes], [bytes.subarray(0, 10), new DataView(buffer)]]) {
      expect(answer(await compile(streamOf(chunks).stream))).toBe(42);
    }
  });

  it("can begin with one byte, before more than the engine takes arguments", async () => {
    const section = 400_000;
    const long = Uint8Array.of(...bytes, 0, 0x80 | (section & 0x7f), 0x80 | ((section >> 7) & 0x7f), section >> 14, 0);
    const rest = new Uint8Array(long.length - 1 + section - 1);
    rest.set(long.subarray(1));
    expect(answer(await compile(streamOf([long.slice(0, 1), rest]).stream))).toBe(42);
  });

  it("can fill the same buffer for each chunk, also where all are needed in one piece", async () => {
    const reused = new Uint8Array(7);
    const refilled = () => {
      let at = 0;
      return new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            if (at >= bytes.length) return controller.close();
            const part = bytes.subarray(at, (at += reused.length));
            reused.set(part);
            controller.enqueue(reused.subarray(0, part.length));
          },
        },
        { highWaterMark: 0 },
      );
    };
    expect(await gather(readStream(refilled(), (cause) => cause))).toEqual(bytes);
    expect(answer(await compile(refilled(), { integrity: await hashOf(bytes) }))).toBe(42);
  });

  it("of many chunks costs no more for each than one of few", async () => {
    const shift = vi.spyOn(Array.prototype, "shift");
    const chunks = async function* () {
      for (let at = 0; at < 10_000; at++) yield await Promise.resolve(Uint8Array.of(at, at >> 8));
    };
    const whole = await gather(chunks());
    expect(shift).not.toHaveBeenCalled();
    expect([whole.length, ...whole.subarray(-2)]).toEqual([20_000, 9_999 & 0xff, 9_999 >> 8]);
  });

  it("of text is refused, and cancelled", async () => {
    const { stream, cancel } = streamOf(["some text"], "hang");
    const error = await rejectionOf(compile(stream));
    expect(error).toMatchObject({ code: "invalid-source", details: { received: '"some text"' } });
    expect((error as Error).message).toContain("Uint8Array");
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it("that fails is named, with its error as cause", async () => {
    const cause = new Error("disk on fire");
    for (const parts of [[], [bytes.subarray(0, 9)], [bytes.subarray(0, -3)]]) {
      const failing = [
        compile(streamOf(parts, cause).stream),
        compile(new Response(streamOf(parts, cause).stream, wasmType), { onProgress: () => undefined }),
      ];
      for (const one of failing) expect(await rejectionOf(one)).toMatchObject({ code: "read-failed", cause });
      const direct = await rejectionOf(compile(new Response(streamOf(parts, cause).stream, wasmType)));
      expect(direct).toMatchObject({ code: "read-failed" });
    }
  });

  it("that is malformed is described by the reader, not by the engine", async () => {
    const broken = bytes.slice();
    broken[11] = 0x11;
    for (const chunks of [
      [broken],
      [broken.subarray(0, 8), broken.subarray(8)],
      [...broken].map((byte) => Uint8Array.of(byte)),
    ]) {
      const headers = { ...wasmType.headers, "Content-Length": String(bytes.length) };
      for (const init of [{}, { headers }]) {
        const error = await rejectionOf(compile(new Response(streamOf(chunks).stream, init)));
        expect(error).toMatchObject({ code: "malformed", details: { section: "type" } });
      }
    }
  });

  it("is cancelled where its reader stops, and not where it ends or fails", async () => {
    const early = streamOf([bytes, bytes]);
    for await (const chunk of readStream(early.stream, (cause) => cause)) if (chunk.length) break;
    expect(early.cancel).toHaveBeenCalledTimes(1);
    const whole = streamOf([bytes, bytes]);
    let read = 0;
    for await (const chunk of readStream(whole.stream, (cause) => cause)) read += chunk.length;
    expect([read, whole.cancel.mock.calls.length]).toEqual([2 * bytes.length, 0]);
  });

  it("is cancelled where what it brings is no module", async () => {
    for (const init of [{}, wasmType]) {
      const { stream, cancel } = streamOf([new TextEncoder().encode("<!doctype html>")], "hang");
      const error = await rejectionOf(compile(new Response(stream, init)));
      expect(error).toMatchObject({ code: "not-wasm", details: { found: "html" } });
      expect((error as Error).message).toMatch(/^The source/);
      await expect.poll(() => cancel.mock.calls).toHaveLength(1);
    }
  });

  it("is cancelled by an abort, with the error as reason", async () => {
    for (const source of [
      (stream: ReadableStream) => stream,
      (stream: ReadableStream) => new Response(stream, wasmType),
    ]) {
      const { stream, cancel } = streamOf([bytes.subarray(0, 9)], "hang");
      const controller = new AbortController();
      const error = rejectionOf(compile(source(stream), { signal: controller.signal }));
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.abort("enough");
      expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
      await expect.poll(() => cancel.mock.calls).toHaveLength(1);
      expect(cancel.mock.calls[0]?.[0]).toMatchObject({ code: "aborted" });
    }
  });
});

describe("what has been received", () => {
  /** The same module with another answer, and one page of memory more. */
  const text = (answer: number, pages: number) => `(module
    (import "env" "f" (func (param i64)))
    (memory (export "memory") ${pages}) (func (export "answer") (result i32) i32.const ${answer}))`;

  /** Sources whose owner keeps the buffer that they bring. */
  const owned: Record<string, (chunk: Uint8Array<ArrayBuffer>) => Source> = {
    "a stream": (chunk) => streamOf([chunk]).stream,
    "a Response": (chunk) => new Response(streamOf([chunk]).stream, wasmType),
    "a Response of another type": (chunk) => new Response(streamOf([chunk]).stream),
    "what a function brings": (chunk) => () => Promise.resolve(new Response(streamOf([chunk]).stream, wasmType)),
    "a Response without a stream": (chunk) => ({
      ...{ ok: true, status: 200, statusText: "OK", url: "", headers: { get: () => null } },
      ...{ body: null, bodyUsed: false, arrayBuffer: () => Promise.resolve(chunk.buffer) },
    }),
    "a Blob of another implementation": (chunk) => ({
      size: chunk.length,
      arrayBuffer: () => Promise.resolve(chunk.buffer),
    }),
    "a Blob with a stream of its own": (chunk) => ({
      size: chunk.length,
      stream: () => streamOf([chunk]).stream,
      arrayBuffer: () => Promise.resolve(chunk.buffer),
    }),
    "the answer of a fetch of one's own": () => "https://unglue.test/owned.wasm",
  };
  const changes: Record<string, (chunk: Uint8Array<ArrayBuffer>, other: Uint8Array) => void> = {
    written: (chunk, other) => chunk.set(other),
    transferred: (chunk) => {
      if (chunk.length > 0) structuredClone(chunk, { transfer: [chunk.buffer] });
    },
  };
  const cases = Object.keys(owned).flatMap((source) => Object.keys(changes).map((change) => [source, change] as const));

  it.each(cases)("as %s is what is checked and compiled, though its buffer is %s meanwhile", async (source, change) => {
    const [mine, other] = await Promise.all([wat(text(42, 1)), wat(text(13, 2))]);
    const { integrity, limits } = { integrity: await hashOf(mine), limits: { memoryPages: 1, bytes: 10_000 } };
    for (const checks of [{ integrity }, { limits }, { integrity, limits }]) {
      for (const by of ["progress", "turns"]) {
        const chunk = mine.slice();
        let reports = 0;
        const spoil = (): void => {
          reports += 1;
          changes[change]!(chunk, other);
        };
        const module = await compile(owned[source]!(chunk), {
          ...checks,
          fetch: () => Promise.resolve(new Response(streamOf([chunk]).stream, wasmType)),
          onProgress: () => {
            if (by === "progress") spoil();
            // Between any two turns of the promises that follow.
            else for (let turn = 1, at = Promise.resolve(); turn < 60; turn += 1) at = at.then(spoil);
          },
        });
        expect([answer(module), module.shape.memories[0]?.initial, reports > 0]).toEqual([42, 1, true]);
      }
    }
  });
});

describe("a compiled module", () => {
  it("has the shape that its engine tells, or the one that is given", async () => {
    const { shape } = await compile(compiled);
    expect(shape.complete).toBe(false);
    expect(shape.imports).toEqual([{ module: "env", name: "f", kind: "function" }]);
    const given = inspect(bytes);
    expect((await compile(compiled, { shape: given })).shape).toEqual(given);
    expect(compileSync(compiled, { shape: given }).shape).toEqual(given);
    expect(compileSync(compiled).raw).toBe(compiled);
  });

  it("refuses the shape of another", async () => {
    const other = inspect(await wat(`(module (import "env" "g" (func)))`));
    expect(await rejectionOf(compile(compiled, { shape: other }))).toMatchObject({
      code: "invalid-option",
      details: { option: "shape" },
    });
  });

  it("refuses options that need bytes", async () => {
    const integrity = await hashOf(bytes);
    expect(await rejectionOf(compile(compiled, { integrity }))).toMatchObject({
      code: "needs-bytes",
      details: { option: "integrity" },
    });
    expect(await rejectionOf(load(compiled, { onProgress: () => undefined }))).toMatchObject({
      code: "needs-bytes",
      details: { option: "onProgress" },
    });
  });
});

describe("what is no source", () => {
  it("is named, with what would be one", async () => {
    const cases: [source: unknown, received: string][] = [
      [undefined, "undefined"],
      [null, "null"],
      [42, "42"],
      [[1, 2], "an array"],
      [{}, "an object (Object)"],
      [() => () => bytes, "a function"],
    ];
    for (const [source, received] of cases) {
      const error = await rejectionOf(compile(source as never));
      expect(error).toMatchObject({ name: "UnglueError", code: "invalid-source", details: { received } });
      expect((error as Error).message).toMatch(/ReadableStream/);
    }
  });

  it("fails with the source's own error where a function or promise fails", async () => {
    const mine = new Error("mine");
    expect(await rejectionOf(compile(Promise.reject(mine)))).toBe(mine);
    const failing = () => {
      throw mine;
    };
    expect(await rejectionOf(compile(failing))).toBe(mine);
  });

  it("is, for the calls that do not wait, all that has to be waited for", () => {
    for (const source of [
      new Response(bytes),
      new Blob([bytes]),
      Promise.resolve(bytes),
      "https://example.com/a.wasm",
    ]) {
      const error = thrownBy(() => loadSync(source as never));
      expect(error).toMatchObject({ code: "invalid-source" });
      expect((error as Error).message).toContain("load()");
    }
  });
});

describe("an engine that refuses", () => {
  const refusals: [code: string, message: string][] = [
    [
      "compile-forbidden",
      "Refused to compile or instantiate WebAssembly module because 'unsafe-eval' is not an allowed source",
    ],
    ["compile-forbidden", "call to WebAssembly.compile() blocked by CSP"],
    ["compile-forbidden", "WebAssembly.Module(): Wasm code generation disallowed by embedder"],
    ["compile-failed", "WebAssembly.Module(): invalid value type 0x40"],
  ];

  it.each(refusals)("is reported as %s for: %s", async (code, message) => {
    const cause = new WebAssembly.CompileError(message);
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(cause);
    vi.spyOn(WebAssembly, "compileStreaming").mockRejectedValue(cause);
    for (const source of [bytes, new Blob([bytes]), new Response(bytes, wasmType)]) {
      const error = await rejectionOf(compile(source));
      expect(error).toMatchObject({ name: "UnglueError", code, cause });
      expect((error as Error).message).toContain(message);
    }
    const module = vi.spyOn(WebAssembly, "Module").mockImplementation(function refuse() {
      throw cause;
    });
    expect(thrownBy(() => compileSync(bytes))).toMatchObject({ code, cause });
    module.mockRestore();
  });
});

describe("a signal", () => {
  it("keeps the request from being made if it is aborted while the source is awaited", async () => {
    const controller = new AbortController();
    const fetch = vi.fn(() => Promise.resolve(new Response(bytes)));
    let bring!: (url: string) => void;
    const source = new Promise<string>((resolve) => (bring = resolve));
    const error = rejectionOf(compile(source, { signal: controller.signal, fetch }));
    controller.abort("enough");
    expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
    bring("https://example.com/app.wasm");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(fetch).not.toHaveBeenCalled();
  });

  it("is not listened to once the load has ended, either way", async () => {
    const { signal } = new AbortController();
    const listening = new Set<unknown>();
    vi.spyOn(signal, "addEventListener").mockImplementation((_, listener) => void listening.add(listener));
    vi.spyOn(signal, "removeEventListener").mockImplementation((_, listener) => void listening.delete(listener));
    const loading = compile(bytes, { signal });
    expect(listening.size).toBe(1);
    await loading;
    expect(listening.size).toBe(0);
    await rejectionOf(compile(new Uint8Array(0), { signal }));
    expect(listening.size).toBe(0);
  });

  it("of any implementation will do", async () => {
    const listeners = new Set<() => void>();
    const signal = {
      aborted: false,
      reason: undefined as unknown,
      addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
    };
    const error = rejectionOf(compile(streamOf([], "hang").stream, { signal }));
    signal.reason = "enough";
    for (const listener of listeners) listener();
    expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(listeners.size).toBe(0);
  });
});
