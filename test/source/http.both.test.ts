import { compile, load, type Module, type Progress } from "unglue";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { rejectionOf } from "../wat.ts";
import { bytesAt, hashOf, served } from "./served.ts";

const good = [
  "/ok.wasm",
  "/charset.wasm",
  "/capitals.wasm",
  "/octet.wasm",
  "/untyped.wasm",
  "/large.wasm",
  "/chunked.wasm",
  "/slow.wasm",
  "/bytewise.wasm",
  "/encoded.wasm",
  "/hidden.wasm",
  "/compressed.wasm",
  "/compressed.wasm.gz",
  "/bytewise.wasm.gz",
];

let bytes: Uint8Array<ArrayBuffer>;
let hash: string;
const wrongHash = `sha256-${btoa("x".repeat(32))}`;

beforeAll(async () => {
  bytes = await bytesAt("/ok.wasm");
  hash = await hashOf(bytes);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function add(module: Module): unknown {
  const { exports } = new WebAssembly.Instance(module.raw);
  return (exports.add as (a: number, b: number) => number)(1, 2);
}

/** Where a module's sections end. */
function* sectionEnds(whole: Uint8Array): Generator<{ readonly id: number; readonly end: number }> {
  for (let at = 8; at < whole.length;) {
    const id = whole[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = whole[at++]!;
      size += (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
    yield { id, end: at };
  }
}

async function pathsOf({ requests }: ReturnType<typeof served>): Promise<string[]> {
  return (await requests()).map(({ path }) => path);
}

describe("a module over HTTP", () => {
  it.each(good)("compiles from %s, with its whole interface and one request", async (path) => {
    const at = served(path);
    const module = await compile(at.url);
    expect(add(module)).toBe(3);
    expect(module.shape.complete).toBe(true);
    expect(module.shape.exports.find(({ name }) => name === "add")?.type).toEqual({
      params: ["i32", "i32"],
      results: ["i32"],
    });
    expect(await pathsOf(at)).toEqual([path]);
  });

  it("is followed through a redirect", async () => {
    const at = served("/redirect.wasm");
    expect(add(await compile(at.url))).toBe(3);
    expect(await pathsOf(at)).toEqual(["/redirect.wasm", "/ok.wasm"]);
  });

  it("is handed to the engine as the response that came, where its type is right", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const streaming = vi.spyOn(WebAssembly, "compileStreaming");
    await compile(served("/ok.wasm").url);
    const response: unknown = await fetched.mock.results[0]?.value;
    // Where the class is no platform's, an empty response of it tells whether the engine knows it.
    expect(streaming.mock.calls.at(-1)?.[0]).toBe(response);
    expect(streaming.mock.calls.filter(([given]) => given === response)).toHaveLength(1);
  });

  it.each(["/charset.wasm", "/capitals.wasm", "/octet.wasm", "/compressed.wasm.gz"])(
    "is streamed from %s too",
    async (path) => {
      const whole = vi.spyOn(WebAssembly, "compile");
      const streaming = vi.spyOn(WebAssembly, "compileStreaming");
      await compile(served(path).url);
      expect([whole.mock.calls.length, streaming.mock.calls.length]).toEqual([0, 1]);
    },
  );

  it.each(["/ok.wasm", "/octet.wasm", "/compressed.wasm.gz"])(
    "compiles from %s in an engine that does not stream",
    async (path) => {
      const at = served(path);
      const { compileStreaming } = WebAssembly;
      try {
        Reflect.deleteProperty(WebAssembly, "compileStreaming");
        expect(add(await compile(at.url))).toBe(3);
      } finally {
        WebAssembly.compileStreaming = compileStreaming;
      }
      expect(await pathsOf(at)).toEqual([path]);
    },
  );

  it("is asked for once where it does not link", async () => {
    const at = served("/unlinkable.wasm");
    expect(await rejectionOf(load(at.url))).toMatchObject({ code: "unresolved-imports" });
    expect(await pathsOf(at)).toEqual(["/unlinkable.wasm"]);
  });
});

describe("a source", () => {
  const sources: Record<string, (url: string) => Parameters<typeof compile>[0]> = {
    "URL object": (url) => new URL(url),
    Request: (url) => new Request(url),
    "promise of a Response": (url) => fetch(url),
    "function that fetches": (url) => () => fetch(url),
    "function that returns a URL": (url) => () => url,
    "promise of a stream": (url) => fetch(url).then(({ body }) => body!),
    "promise of a Blob": (url) => fetch(url).then((response) => response.blob()),
    "promise of bytes": (url) => fetch(url).then((response) => response.arrayBuffer()),
  };

  it.each(Object.keys(sources))("can be a %s", async (kind) => {
    for (const path of ["/ok.wasm", "/octet.wasm", "/compressed.wasm.gz"]) {
      const at = served(path);
      const seen: Progress[] = [];
      expect(add(await compile(sources[kind]!(at.url)))).toBe(3);
      expect(add(await compile(sources[kind]!(at.url), { onProgress: (progress) => seen.push(progress) }))).toBe(3);
      const size = seen.at(-1)?.loaded;
      expect(size).toBe(path === "/compressed.wasm.gz" ? (await bytesAt(path)).length : bytes.length);
      expect(await pathsOf(at)).toEqual([path, path]);
    }
  });

  it("can be a data: URL", async () => {
    const base64 = btoa(String.fromCharCode(...bytes));
    expect(add(await compile(`data:application/wasm;base64,${base64}`))).toBe(3);
    expect(add(await compile(new URL(`data:;base64,${base64}`)))).toBe(3);
    const error = await rejectionOf(compile(`data:text/html,${"<p>".repeat(1000)}`));
    expect(error).toMatchObject({ code: "not-wasm", details: { found: "html" } });
    expect((error as Error).message.length).toBeLessThan(500);
  });

  it("can be a blob: URL", async () => {
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
    expect(add(await compile(url))).toBe(3);
    URL.revokeObjectURL(url);
  });
});

describe("onProgress", () => {
  async function progressOf(path: string): Promise<Progress[]> {
    const seen: Progress[] = [];
    const at = served(path);
    await compile(at.url, { onProgress: (progress) => seen.push(progress) });
    expect(await pathsOf(at)).toEqual([path]);
    return seen;
  }

  it("is told the bytes that have come and all that there are", async () => {
    const seen = await progressOf("/large.wasm");
    const total = (await bytesAt("/large.wasm")).length;
    expect(seen.every((progress) => progress.total === total)).toBe(true);
    expect(seen.map(({ loaded }) => loaded)).toEqual(seen.map(({ loaded }) => loaded).sort((a, b) => a - b));
    expect(seen.at(-1)?.loaded).toBe(total);
  });

  it("is called as the bytes come", async () => {
    expect((await progressOf("/slow.wasm")).length).toBeGreaterThan(1);
  });

  it.each(["/chunked.wasm", "/encoded.wasm", "/encoded-slow.wasm", "/hidden.wasm"])(
    "is never below what has come for %s, and equal to it at the end",
    async (path) => {
      const seen = await progressOf(path);
      const size = path === "/chunked.wasm" || path === "/encoded.wasm" ? bytes.length : (await bytesAt(path)).length;
      expect(seen.at(-1)).toEqual({ loaded: size, total: size });
      for (const { loaded, total } of seen) expect(total ?? Infinity).toBeGreaterThanOrEqual(loaded);
    },
  );

  it("has a total under an encoding once the module's code begins, to the end of the code", async () => {
    const whole = await bytesAt("/encoded-slow.wasm");
    const seen: Progress[] = [];
    const parts = [whole.subarray(0, 9), whole.subarray(9, 5000), whole.subarray(5000, -20), whole.subarray(-20)];
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    const headers = { "Content-Type": "application/wasm", "Content-Encoding": "gzip", "Content-Length": "20000" };
    await compile(new Response(stream, { headers }), { onProgress: (progress) => seen.push(progress) });
    const sections = [...sectionEnds(whole)];
    const codeEnd = sections.find(({ id }) => id === 10)!.end;
    expect(codeEnd).toBeLessThan(sections.at(-1)!.end);
    expect(seen).toEqual([
      { loaded: 9, total: undefined },
      { loaded: 5000, total: codeEnd },
      { loaded: whole.length - 20, total: whole.length },
      { loaded: whole.length, total: whole.length },
    ]);
  });

  it.each(["abc", "-1", "1.5", "32, 32", "0x20", "", "9".repeat(30)])(
    "passes over a Content-Length of %j, which is none",
    async (length) => {
      const headers = { "Content-Type": "application/wasm", "Content-Length": length };
      const seen: Progress[] = [];
      await compile(new Response(bytes, { headers }), { onProgress: (progress) => seen.push(progress) });
      expect(seen).toEqual([{ loaded: bytes.length, total: bytes.length }]);
    },
  );

  it.each(["3", "1000000"])("corrects a Content-Length that is wrong, such as %s", async (length) => {
    const headers = { "Content-Type": "application/wasm", "Content-Length": length };
    const seen: Progress[] = [];
    await compile(new Response(bytes, { headers }), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ loaded: bytes.length, total: bytes.length });
    for (const { loaded, total } of seen) expect(total).toBeGreaterThanOrEqual(loaded);
  });

  it("counts compressed bytes", async () => {
    const size = (await bytesAt("/compressed.wasm.gz")).length;
    expect((await progressOf("/compressed.wasm.gz")).at(-1)).toEqual({ loaded: size, total: size });
  });

  it.each(["/slow.wasm", "/hang-octet.wasm", "/compressed.wasm.gz"])(
    "fails the load of %s with what it throws",
    async (path) => {
      const at = served(path);
      const mine = new Error("mine");
      const failing = compile(at.url, {
        onProgress() {
          throw mine;
        },
      });
      expect(await rejectionOf(failing)).toBe(mine);
      expect((await at.ended()).length).toBe(1);
    },
  );
});

describe("what is served instead of a module", () => {
  const cases: [path: string, code: string, details: object][] = [
    ["/missing.wasm", "http-status", { status: 404, statusText: "Not Found" }],
    ["/page.wasm", "not-wasm", { found: "html", contentType: "text/html" }],
    ["/page-as.wasm", "not-wasm", { found: "html", contentType: "application/wasm" }],
    ["/empty.wasm", "not-wasm", { found: "empty" }],
    ["/damaged.wasm.gz", "not-wasm", { found: "gzip" }],
    ["/cut-head.wasm", "truncated", { size: 20 }],
    ["/broken.wasm", "fetch-failed", {}],
    ["/broken-late.wasm", "fetch-failed", {}],
    ["/broken-octet.wasm", "fetch-failed", {}],
    ["/invalid-octet.wasm", "compile-failed", {}],
    ["/invalid.wasm", "compile-failed", {}],
    ["/cut-octet.wasm", "truncated", {}],
  ];

  it.each(cases)("is named: %s is %s", async (path, code, details) => {
    const at = served(path);
    const error = await rejectionOf(compile(at.url));
    expect(error).toMatchObject({ name: "UnglueError", code, details });
    expect((error as Error).message).toContain(at.url);
    expect(Object.values((error as { details: object }).details)).toContain(at.url);
    expect(await pathsOf(at)).toEqual([path]);
  });

  it("leaves nothing open", async () => {
    for (const path of ["/missing.wasm", "/page.wasm", "/page-as.wasm", "/invalid.wasm"]) {
      const at = served(path);
      await rejectionOf(compile(at.url));
      expect(await at.ended()).toHaveLength(1);
    }
  });

  it("is a request that fails", async () => {
    const url = "http://127.0.0.1:9/none.wasm";
    const error = await rejectionOf(compile(url));
    expect(error).toMatchObject({ code: "fetch-failed", details: { url } });
    expect((error as Error).message).toMatch(/CORS/);
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });

  it("is a response that is used up", async () => {
    const response = await fetch(served("/ok.wasm").url);
    await response.arrayBuffer();
    expect(await rejectionOf(compile(response))).toMatchObject({ code: "invalid-source" });
    const other = await fetch(served("/ok.wasm").url);
    const stream = other.body!;
    stream.getReader();
    expect(await rejectionOf(compile(other))).toMatchObject({ code: "invalid-source" });
    expect(await rejectionOf(compile(stream))).toMatchObject({ code: "invalid-source" });
  });
});

describe("signal", () => {
  it("keeps the request from being made if it was aborted before", async () => {
    const at = served("/ok.wasm");
    const source = vi.fn(() => at.url);
    const reason = new Error("changed my mind");
    const error = await rejectionOf(compile(source, { signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ name: "UnglueError", code: "aborted", cause: reason });
    expect(source).not.toHaveBeenCalled();
    expect(await pathsOf(at)).toEqual([]);
  });

  const stages = ["/silent.wasm", "/headers.wasm", "/hang.wasm", "/head.wasm", "/hang-octet.wasm"];

  it.each(stages)("aborts %s where it hangs, and closes the connection", async (path) => {
    const at = served(path);
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const loading = rejectionOf(compile(at.url, { signal: controller.signal }));
    await expect.poll(at.requests).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort("enough");
    expect(await loading).toMatchObject({ code: "aborted", cause: "enough" });
    expect(await at.ended()).toEqual(["broken"]);
    expect(removed).toHaveBeenCalled();
  });

  it.each(stages.slice(1))("aborts a Response of %s, and one of a custom fetch", async (path) => {
    for (const how of ["response", "fetch"]) {
      const at = served(path);
      const controller = new AbortController();
      const { signal } = controller;
      // This fetch pays no heed to the signal that it is given.
      const loading =
        how === "response"
          ? compile(fetch(at.url), { signal })
          : compile(at.url, { signal, fetch: (input) => fetch(input) });
      const error = rejectionOf(loading);
      await expect.poll(at.requests).toHaveLength(1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      controller.abort("enough");
      expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
      expect(await at.ended()).toEqual(["broken"]);
    }
  });

  it("of a Request aborts too", async () => {
    const at = served("/hang.wasm");
    const controller = new AbortController();
    const error = rejectionOf(compile(new Request(at.url, { signal: controller.signal })));
    await expect.poll(at.requests).toHaveLength(1);
    controller.abort("enough");
    expect(await error).toMatchObject({ code: "aborted" });
    expect(await at.ended()).toEqual(["broken"]);
  });

  it("stops the wait for a promise, and cancels what it still brings", async () => {
    const controller = new AbortController();
    let bring!: (response: Response) => void;
    const fetching = new Promise<Response>((resolve) => (bring = resolve));
    const error = rejectionOf(
      compile("https://example.com/app.wasm", { signal: controller.signal, fetch: () => fetching }),
    );
    await Promise.resolve();
    controller.abort("enough");
    expect(await error).toMatchObject({ code: "aborted" });
    const cancel = vi.fn();
    bring(new Response(new ReadableStream({ cancel }), { headers: { "Content-Type": "application/wasm" } }));
    await expect.poll(() => cancel.mock.calls.length).toBe(1);
  });

  it("stops the wait for the compiler", async () => {
    const controller = new AbortController();
    vi.spyOn(WebAssembly, "compile").mockReturnValue(new Promise(() => undefined));
    const error = rejectionOf(compile(bytes, { signal: controller.signal }));
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort("enough");
    expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
  });
});

describe("integrity", () => {
  it.each(["/ok.wasm", "/octet.wasm", "/encoded.wasm"])("is checked for %s, with one request", async (path) => {
    const at = served(path);
    const streaming = vi.spyOn(WebAssembly, "compileStreaming");
    expect(add(await compile(at.url, { integrity: hash }))).toBe(3);
    expect(streaming).toHaveBeenCalledTimes(1);
    const error = (await rejectionOf(compile(at.url, { integrity: wrongHash }))) as Error & { code: string };
    // Browsers do not say why a request failed, and then the message has both reasons.
    expect(["integrity-mismatch", "fetch-failed"]).toContain(error.code);
    expect(error.message).toMatch(/integrity/);
    expect(error.message).toContain(wrongHash);
    expect(await pathsOf(at)).toEqual([path, path]);
  });

  it.each([
    ["a spy", (real: typeof fetch) => vi.fn(real)],
    ["a wrapper", (real: typeof fetch) => (input: RequestInfo | URL) => real(input)],
    ["a bound function", (real: typeof fetch) => real.bind(globalThis)],
    ["a proxy", (real: typeof fetch) => new Proxy(real, { apply: (target, _, [input]) => target(input as string) })],
    ["a mock", () => () => Promise.resolve(new Response(bytes, { headers: { "Content-Type": "application/wasm" } }))],
  ])("is not left to a global fetch that is %s", async (_, replace) => {
    const fetching = replace(fetch);
    vi.stubGlobal("fetch", fetching);
    const url = served("/ok.wasm").url;
    expect(add(await compile(url, { integrity: hash }))).toBe(3);
    for (const call of [compile, load]) {
      expect(await rejectionOf(call(url, { integrity: wrongHash }))).toMatchObject({
        code: "integrity-mismatch",
        details: { expected: wrongHash, actual: hash },
      });
    }
  });

  it("comes before whatever else is wrong with bytes that were changed", async () => {
    const urls = ["/invalid.wasm", "/cut.wasm", "/cut-octet.wasm", "/cut-head.wasm", "/page.wasm", "/damaged.wasm.gz"];
    for (const path of urls) {
      const fetching = () => fetch(served(path).url);
      expect([path, await rejectionOf(compile(fetching, { integrity: hash }))]).toMatchObject([
        path,
        { code: "integrity-mismatch", details: { actual: await hashOf(await bytesAt(path)) } },
      ]);
    }
  });

  it("does not hide that the bytes broke off, nor what onProgress throws", async () => {
    const broken = () => fetch(served("/broken-late.wasm").url);
    expect(await rejectionOf(compile(broken, { integrity: hash }))).toMatchObject({ code: "fetch-failed" });
    const mine = new Error("mine");
    const onProgress = () => {
      throw mine;
    };
    const { url } = served("/slow.wasm");
    expect(await rejectionOf(compile(() => fetch(url), { integrity: wrongHash, onProgress }))).toBe(mine);
  });

  it("is checked by the library for what a custom fetch, a Response, a stream, a Blob or bytes bring", async () => {
    const at = served("/ok.wasm");
    const { url } = at;
    const given = {
      "custom fetch": [url, { fetch: (input: string | URL | Request) => fetch(input) }],
      Response: [() => fetch(url), {}],
      stream: [() => fetch(url).then(({ body }) => body!), {}],
      Blob: [new Blob([bytes]), {}],
      bytes: [bytes, {}],
    } as const;
    for (const [source, options] of Object.values(given)) {
      expect(add(await compile(source, { ...options, integrity: `sha999-x ${hash}` }))).toBe(3);
      expect(await rejectionOf(compile(source, { ...options, integrity: wrongHash }))).toMatchObject({
        code: "integrity-mismatch",
        details: { expected: wrongHash, actual: hash },
      });
    }
    expect(await at.requests()).toHaveLength(6);
  });

  it("counts the bytes as they were received", async () => {
    const at = served("/compressed.wasm.gz");
    const integrity = await hashOf(await bytesAt("/compressed.wasm.gz"), 512);
    expect(add(await compile(fetch(at.url), { integrity }))).toBe(3);
    expect(add(await compile(at.url, { integrity }))).toBe(3);
  });

  it("goes with progress", async () => {
    const seen: Progress[] = [];
    const options = { integrity: hash, onProgress: (progress: Progress) => void seen.push(progress) };
    expect(add(await compile(served("/ok.wasm").url, options))).toBe(3);
    expect(add(await compile(bytes, options))).toBe(3);
    const all = { loaded: bytes.length, total: bytes.length };
    expect(seen).toEqual([all, all]);
  });
});

describe("the option fetch", () => {
  it("may return a response without a stream", async () => {
    const response = {
      ok: true,
      status: 200,
      statusText: "OK",
      url: "",
      headers: new Headers({ "Content-Type": "application/wasm" }),
      arrayBuffer: () => Promise.resolve(bytes.slice().buffer),
    };
    const seen: Progress[] = [];
    const fetch = vi.fn(() => Promise.resolve(response as Response));
    const onProgress = (progress: Progress) => void seen.push(progress);
    expect(add(await compile("https://example.com/app.wasm", { fetch, onProgress }))).toBe(3);
    expect(fetch.mock.calls).toEqual([
      ["https://example.com/app.wasm", { signal: expect.any(AbortSignal) as unknown }],
    ]);
    expect(seen).toEqual([{ loaded: bytes.length, total: bytes.length }]);
  });

  it("is named where it returns something else, or fails", async () => {
    const fetch = (() => Promise.resolve("text")) as never;
    expect(await rejectionOf(compile("https://example.com/app.wasm", { fetch }))).toMatchObject({
      code: "invalid-source",
    });
    const cause = new Error("no network");
    const failing = () => Promise.reject(cause);
    expect(await rejectionOf(compile("https://example.com/app.wasm", { fetch: failing }))).toMatchObject({
      code: "fetch-failed",
      details: { url: "https://example.com/app.wasm" },
      cause,
    });
  });
});
