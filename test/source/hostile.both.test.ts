import fc from "fast-check";
import { compile, compileSync, load, loadSync, type LoadOptions, UnglueError } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module (func (export "f")))`);
const wasmType = { headers: { "Content-Type": "application/wasm" } };

afterEach(() => vi.unstubAllGlobals());

/** The exception of hostile values: the only error besides the library's own that may come out of a call. */
class Mine extends Error {}

const throwing = (): never => {
  throw new Mine("mine");
};

/** A promise that rejects with anything. */
function rejected(reason: Error): Promise<never> {
  return Promise.reject(reason);
}

function revoked<Target extends object>(target: Target): Target {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** An object with one member that throws when it is read. */
function withThrower<Of extends object>(base: Of, member: string): Of {
  return Object.defineProperty(base, member, { get: throwing, configurable: true });
}

const fine = () => ({
  ok: true,
  status: 200,
  statusText: "OK",
  url: "https://unglue.test/app.wasm",
  headers: { get: () => null as string | null },
  body: undefined as unknown,
  bodyUsed: false,
  arrayBuffer: (): unknown => Promise.resolve(bytes.slice().buffer),
});

const sources: Record<string, () => unknown> = {
  "a revoked proxy of an object": () => revoked({}),
  "a revoked proxy of bytes": () => revoked(bytes),
  "a revoked proxy of a function": () => revoked(() => bytes),
  "a revoked proxy of an array": () => revoked([]),
  "a revoked proxy of a promise": () => revoked(Promise.resolve(bytes)),
  "a function that returns a revoked proxy": () => () => revoked({}),
  "a proxy that throws": () =>
    new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing, getOwnPropertyDescriptor: throwing }),
  "a proxy of a Response": () => new Proxy(new Response(bytes, wasmType), {}),
  "a proxy of a Request": () => new Proxy(new Request("https://unglue.test/app.wasm"), {}),
  "a Request whose URL throws": () => withThrower({ method: "GET" }, "url"),
  "a proxy of bytes": () => new Proxy(bytes, {}),
  "a proxy of a stream": () => new Proxy(new Response(bytes).body!, {}),
  "a proxy of a module": () => new Proxy(new WebAssembly.Module(bytes), {}),
  "detached bytes": () => {
    const own = bytes.slice();
    structuredClone(own, { transfer: [own.buffer] });
    return own;
  },
  "bytes with a buffer of their own making": () => Object.defineProperty(bytes.slice(), "buffer", { value: 5 }),
  "bytes with a length of their own making": () =>
    Object.defineProperty(bytes.slice(), "byteLength", { value: 10 ** 6 }),
  "bytes whose buffer throws": () => withThrower(bytes.slice(), "buffer"),
  "a buffer by name alone": () => ({ [Symbol.toStringTag]: "ArrayBuffer", byteLength: 8 }),
  "a module by name alone": () => ({ [Symbol.toStringTag]: "WebAssembly.Module" }),
  "a thenable that throws": () => ({ then: throwing }),
  "a thenable whose then throws": () => withThrower({}, "then"),
  "a thenable that brings itself a thousand times": () => {
    let left = 1000;
    const again = { then: (resolve: (value: unknown) => void) => resolve(left-- > 0 ? again : bytes) };
    return again;
  },
  "a promise of nothing": () => Promise.resolve(undefined),
  "a rejected promise": () => {
    const rejected = Promise.reject(new Mine());
    // The calls that do not wait refuse it, and nobody waits for it then.
    rejected.catch(() => undefined);
    return rejected;
  },
  "a URL with a number": () => ({ href: 5, protocol: "https:" }),
  "a URL that throws": () => withThrower({ protocol: "https:" }, "href"),
  "a Request with a number": () => ({ url: 5, method: "GET" }),
  "a Request with a signal that is none": () => ({ url: "https://unglue.test", method: "GET", signal: 5 }),
  "a Response without headers": () => ({ ...fine(), headers: undefined }),
  "a Response with headers that are none": () => ({ ...fine(), headers: {} }),
  "a Response whose headers throw": () => ({ ...fine(), headers: { get: throwing } }),
  "a Response whose arrayBuffer throws": () => ({ ...fine(), arrayBuffer: throwing }),
  "a Response whose arrayBuffer is none": () => ({ ...fine(), arrayBuffer: 5 }),
  "a Response whose arrayBuffer brings a text": () => ({ ...fine(), arrayBuffer: () => Promise.resolve("text") }),
  "a Response whose arrayBuffer brings nothing": () => ({ ...fine(), arrayBuffer: () => undefined }),
  "a Response whose body is revoked": () => ({ ...fine(), body: revoked({}) }),
  "a Response whose stream has no reader": () => ({ ...fine(), body: { getReader: () => undefined } }),
  "a Response whose stream throws": () => ({ ...fine(), body: { getReader: throwing, locked: false } }),
  "a Response whose status is none and whose stream cannot be cancelled": () => ({
    ...fine(),
    ok: false,
    status: "gone",
    body: { getReader: throwing },
  }),
  "a Response whose status is a symbol": () => ({
    ...{ ok: false, status: Symbol("status"), statusText: Symbol("text") },
    headers: new Headers(),
    arrayBuffer: throwing,
  }),
  "a Response whose clone throws": () =>
    Object.defineProperty(new Response(bytes, wasmType), "clone", { value: throwing }),
  "a Response whose clone is none": () => Object.defineProperty(new Response(bytes, wasmType), "clone", { value: 5 }),
  "a Response whose clone is empty": () =>
    Object.defineProperty(new Response(bytes, wasmType), "clone", { value: () => new Response(null) }),
  "a Blob whose stream throws": () => ({ size: 5, type: "", stream: throwing, arrayBuffer: throwing }),
  "a Blob whose stream is none": () => ({ size: 5, type: "", stream: () => 5, arrayBuffer: () => 5 }),
  "a Blob whose size is an object": () => ({ size: Object.create(null) as object, arrayBuffer: () => new Set() }),
  "a Blob without a size": () => ({ size: "five", type: "", arrayBuffer: () => Promise.reject(new Mine()) }),
  "a stream that reads nothing": () => ({ locked: false, getReader: () => ({ read: () => undefined }) }),
  "a stream whose reader is none": () => ({ locked: false, getReader: () => ({}) }),
  "a stream of revoked proxies": () => ({
    locked: false,
    getReader: () => ({ read: () => Promise.resolve({ done: false, value: revoked(bytes) }), cancel: throwing }),
  }),
  "a stream whose results throw": () => ({
    locked: false,
    getReader: () => ({ read: () => Promise.resolve(withThrower({}, "done")) }),
  }),
  "a stream whose chunks are detached": () => {
    const chunk = bytes.slice();
    structuredClone(chunk, { transfer: [chunk.buffer] });
    return new ReadableStream({
      start(controller) {
        controller.enqueue(chunk);
        controller.close();
      },
    });
  },
  "a symbol": () => Symbol("source"),
  "a bigint": () => 5n,
  "a class": () => class {},
};

const settings: Record<string, LoadOptions> = {
  "no options": {},
  progress: { onProgress: () => undefined },
  integrity: { integrity: `sha256-${btoa("x".repeat(32))}` },
  limits: { limits: { bytes: 10 ** 6, memoryPages: 1 } },
  retry: { retry: { attempts: 2, delay: 0 } },
  signal: { signal: new AbortController().signal },
};

/** The library's error, the value's own, or none. */
function isExpected(error: unknown): boolean {
  return error === undefined || error instanceof Mine || UnglueError.is(error);
}

describe.each(Object.keys(sources))("%s", (name) => {
  it("ends in an error with a code, in its own, or loads", async () => {
    const { default: noFetch } = { default: () => Promise.reject(new Mine()) };
    for (const [how, options] of Object.entries(settings)) {
      for (const call of [load, compile]) {
        const source = sources[name]!() as never;
        const error: unknown = await call(source, { ...options, fetch: noFetch }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect([how, isExpected(error), error]).toEqual([how, true, error]);
      }
    }
    for (const call of [loadSync, compileSync]) {
      let error: unknown;
      try {
        call(sources[name]!() as never);
      } catch (reason) {
        error = reason;
      }
      expect([isExpected(error), error]).toEqual([true, error]);
    }
  });
});

describe("any value", () => {
  const adversarial = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    key: fc.constantFrom(
      ...["then", "arrayBuffer", "status", "headers", "size", "getReader", "url", "method", "href", "protocol", "get"],
      ...["stream", "body", "ok", "clone", "locked", "signal", "__proto__", "constructor"],
    ),
  });

  it("as source ends in an error with a code, in its own, or loads", async () => {
    const fetch = () => Promise.reject(new Mine());
    await fc.assert(
      fc.asyncProperty(adversarial, fc.constantFrom(...Object.values(settings)), async (value, options) => {
        // A text is a path in Node, and these are random.
        const error: unknown = await compile(value as never, { ...options, fetch }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect([isExpected(error), error]).toEqual([true, error]);
      }),
      { numRuns: 500 },
    );
  });

  it("from fetch, or thrown by it, ends in an error with a code", async () => {
    await fc.assert(
      fc.asyncProperty(adversarial, fc.boolean(), async (value, isThrown) => {
        const fetch = (() => (isThrown ? rejected(value as Error) : Promise.resolve(value))) as never;
        expect(UnglueError.is(await rejectionOf(compile("https://unglue.test/app.wasm", { fetch })))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("an error underneath", () => {
  const loop = new Error("again");
  loop.cause = loop;
  const thrown: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    "a symbol": Symbol("why"),
    "an object without a prototype": Object.create(null),
    "a revoked proxy": revoked(new Error("gone")),
    "an error whose message throws": withThrower(new Error("x"), "message"),
    "an error whose cause throws": withThrower(new Error("x"), "cause"),
    "an error that is its own cause": loop,
    "an error whose message cannot be a text": Object.assign(new Error("x"), { message: { toString: throwing } }),
    "an error with a long message": new Error("x".repeat(10 ** 6)),
  };

  it.each(Object.keys(thrown))("that is %s is told in a few words", async (name) => {
    const fetch = () => rejected(thrown[name] as Error);
    const error = await rejectionOf(load("https://unglue.test/app.wasm", { fetch }));
    expect(error).toMatchObject({ code: "fetch-failed" });
    expect((error as Error).message.length).toBeLessThan(2000);
    const stream = new ReadableStream({ pull: () => rejected(thrown[name] as Error) });
    expect(await rejectionOf(load(stream))).toMatchObject({ code: "read-failed" });
  });
});

describe("a signal", () => {
  it("that is none is refused", async () => {
    const partial = { aborted: false, reason: undefined, addEventListener: () => undefined };
    for (const signal of [5, null, {}, revoked({}), partial, withThrower({}, "addEventListener")]) {
      const error = await rejectionOf(load(bytes, { signal: signal as never }));
      expect([isExpected(error), error]).toEqual([true, error]);
    }
  });

  it("whose reason throws aborts all the same", async () => {
    const listeners: (() => void)[] = [];
    const signal = withThrower(
      {
        aborted: false,
        addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
        removeEventListener: () => undefined,
      },
      "reason",
    );
    const loading = rejectionOf(load(new ReadableStream(), { signal: signal as never }));
    for (const listener of listeners) listener();
    expect(await loading).toMatchObject({ code: "aborted" });
    expect(thrownBy(throwing)).toBeInstanceOf(Mine);
  });
});
