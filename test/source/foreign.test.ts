import { compile, load, type Progress, type UnglueError } from "unglue";
import { offload } from "unglue/offload";
import * as undici from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, wat } from "../wat.ts";
import { hashOf, served } from "./served.ts";

// The classes of a package are to Node what a test environment's or an edge host's are: the engine does not know them.
const bytes = await wat(`(module (func (export "add") (param i32 i32) (result i32) local.get 0))`);
const wasmType = { headers: { "Content-Type": "application/wasm" } };
const foreign = () => new undici.Response(bytes, wasmType) as unknown as Response;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const replaced: Record<string, () => void> = {
  "the global Response": () => vi.stubGlobal("Response", undici.Response),
  "Response and fetch": () => {
    vi.stubGlobal("Response", undici.Response);
    vi.stubGlobal("fetch", undici.fetch);
  },
  nothing: () => undefined,
};

describe.each(Object.keys(replaced))("where %s is of another implementation", (what) => {
  it("a Response of that implementation loads, with every option", async () => {
    replaced[what]!();
    const seen: Progress[] = [];
    const { signal } = new AbortController();
    const settings = [
      {},
      { integrity: await hashOf(bytes) },
      { onProgress: (progress: Progress) => void seen.push(progress) },
      { limits: { memoryPages: 1, bytes: 1000 } },
      { signal },
      { retry: {} },
    ];
    for (const options of settings) {
      for (const source of [foreign(), Promise.resolve(foreign()), () => foreign()]) {
        const { shape } = await load(source, options);
        expect(shape.exports[0]).toMatchObject({ name: "add", type: { params: ["i32", "i32"], results: ["i32"] } });
      }
    }
    expect(seen).toHaveLength(3);
  });

  it.each(["/ok.wasm", "/octet.wasm", "/encoded.wasm", "/compressed.wasm.gz", "/slow.wasm"])(
    "%s is fetched once",
    async (path) => {
      replaced[what]!();
      const at = served(path);
      await load(at.url);
      await load(() => undici.fetch(at.url) as unknown as Promise<Response>);
      vi.unstubAllGlobals();
      expect(await at.requests()).toHaveLength(2);
    },
  );

  it("faults are named as elsewhere", async () => {
    replaced[what]!();
    const cases = [
      ["/missing.wasm", "http-status"],
      ["/page-as.wasm", "not-wasm"],
      ["/invalid.wasm", "compile-failed"],
      ["/cut.wasm", "truncated"],
      ["/broken-late.wasm", "fetch-failed"],
    ] as const;
    for (const [path, code] of cases) {
      const { url } = served(path);
      expect([path, await rejectionOf(compile(url))]).toMatchObject([path, { code }]);
      const fetching = () => undici.fetch(url) as unknown as Promise<Response>;
      expect([path, await rejectionOf(compile(fetching))]).toMatchObject([path, { code }]);
    }
  });
});

describe("a Response that the engine does not take", () => {
  it("is compiled by what it holds", async () => {
    vi.stubGlobal("Response", undici.Response);
    const streaming = vi.spyOn(WebAssembly, "compileStreaming");
    await compile(foreign());
    expect(await rejectionOf(streaming.mock.results[0]!.value as Promise<unknown>)).toBeInstanceOf(TypeError);
  });
});

describe("a Response whose headers are not text", () => {
  const headersOf = (values: Readonly<Record<string, unknown>>) => ({
    get: (name: string) => values[name.toLowerCase()] ?? null,
  });

  it("is read by what they say", async () => {
    const response = {
      ...{ ok: true, status: 200, statusText: "OK", url: "", body: null, bodyUsed: false },
      headers: headersOf({ "content-type": ["application/wasm"], "content-length": bytes.length }),
      arrayBuffer: async () => Promise.resolve(bytes.buffer),
    };
    const totals: unknown[] = [];
    const onProgress = ({ total }: Progress) => void totals.push(total);
    const wasm = await load(response as never, { onProgress });
    expect(wasm.shape.exports.map(({ name }) => name)).toContain("add");
    expect(totals.at(-1)).toBe(bytes.length);
  });

  it.each([
    [120, 120],
    [["30"], 30],
    [{}, undefined],
    [undefined, undefined],
  ])("says when to try again: %o", async (retryAfter, seconds) => {
    const response = {
      ...{ ok: false, status: 503, statusText: "busy", url: "", body: null, bodyUsed: false },
      headers: headersOf({ "retry-after": retryAfter }),
      arrayBuffer: async () => Promise.resolve(new ArrayBuffer(0)),
    };
    const error = (await rejectionOf(load(response as never))) as UnglueError<"http-status">;
    expect([error.code, error.details.retryAfter]).toEqual(["http-status", seconds]);
  });
});

describe("a Response whose clone empties it", () => {
  it("is not cloned where the engine does not take it", async () => {
    const clone = vi.fn();
    class Response extends undici.Response {
      override clone = clone;
    }
    vi.stubGlobal("Response", Response);
    for (const options of [{}, { signal: new AbortController().signal }, { retry: {} }])
      await compile(new Response(bytes, wasmType), options);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(bytes, wasmType)));
    await compile("https://unglue.test/app.wasm");
    expect(clone).not.toHaveBeenCalled();
  });
});

describe("a Request of another implementation", () => {
  /** Records the arguments of the global `fetch`, which answers with a module. */
  const received = () => {
    const requests: Request[] = [];
    vi.stubGlobal("fetch", (input: RequestInfo, init?: RequestInit) => {
      requests.push(new Request(input, init));
      return Promise.resolve(new Response(bytes, wasmType));
    });
    return requests;
  };
  const request = (init?: undici.RequestInit, url = "https://unglue.test/app.wasm") =>
    new undici.Request(url, init) as unknown as Request;

  it("is fetched by what it holds", async () => {
    const at = served("/ok.wasm");
    const { shape } = await load(request({}, at.url));
    expect([shape.exports.length > 0, (await at.requests()).length]).toEqual([true, 1]);
  });

  it("is passed on with its method, headers, body and settings", async () => {
    const requests = received();
    const headers = { "X-Key": "a", Accept: "b" };
    await load(
      request({ method: "POST", headers, body: "who", cache: "no-store", redirect: "error", keepalive: true }),
    );
    const [one] = requests;
    expect(one).toMatchObject({ url: "https://unglue.test/app.wasm", method: "POST", cache: "no-store" });
    expect(one).toMatchObject({ redirect: "error", keepalive: true, credentials: "same-origin" });
    expect([one!.headers.get("x-key"), one!.headers.get("accept"), await one!.text()]).toEqual(["a", "b", "who"]);
  });

  it("is passed on with nothing that is usual, which some runtimes refuse", async () => {
    const fetch = vi.fn(() => Promise.resolve(new Response(bytes, wasmType)));
    vi.stubGlobal("fetch", fetch);
    await load(request());
    const { headers, ...init } = (fetch.mock.calls as unknown as [string, RequestInit][])[0]![1];
    expect([headers, Object.keys(init).sort(), init.method]).toEqual([[], ["method", "signal"], "GET"]);
  });

  it("aborts the load by its own signal", async () => {
    const stop = new AbortController();
    const at = served("/silent.wasm");
    const loading = load(request({ signal: stop.signal }, at.url));
    await expect.poll(async () => (await at.requests()).length).toBe(1);
    stop.abort("enough");
    expect(await rejectionOf(loading)).toMatchObject({ code: "aborted", cause: "enough" });
    expect(await at.ended()).toEqual(["broken"]);
  });

  it("is refused where its body has been read, or cannot be", async () => {
    const requests = received();
    const read = request({ method: "POST", body: "who" });
    await read.text();
    expect(await rejectionOf(load(read))).toMatchObject({
      code: "invalid-source",
      message: expect.stringContaining("it has been read") as unknown,
    });
    const of = (members: object) => ({
      url: "https://unglue.test/app.wasm",
      method: "POST",
      clone: () => undefined,
      ...members,
    });
    for (const members of [
      { headers: 5 },
      { headers: { get: () => null } },
      {},
      { arrayBuffer: () => Promise.reject(new Error("gone")) },
      { arrayBuffer: () => "text" },
    ]) {
      expect(await rejectionOf(load(of(members)))).toMatchObject({
        code: "invalid-source",
        message: expect.stringContaining("another implementation") as unknown,
      });
    }
    expect(requests).toEqual([]);
  });

  it("is given to the option fetch as it is, and a failure names what may be wrong", async () => {
    const at = served("/ok.wasm");
    await load(request({}, at.url), { fetch: undici.fetch as never });
    expect(await at.requests()).toHaveLength(1);
    const fetch = ((...args: Parameters<typeof globalThis.fetch>) =>
      globalThis.fetch(...args)) as typeof globalThis.fetch;
    expect(await rejectionOf(load(request({}, at.url), { fetch }))).toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("not of the global class") as unknown,
    });
    const own = new Request("https://unglue.test/app.wasm");
    const failing = () => Promise.reject(new Error("down"));
    expect(((await rejectionOf(load(own, { fetch: failing }))) as Error).message).not.toContain("global class");
  });

  it("of the platform is fetched as it is", async () => {
    const fetch = vi.fn(() => Promise.resolve(new Response(bytes, wasmType)));
    vi.stubGlobal("fetch", fetch);
    const own = new Request("https://unglue.test/app.wasm");
    await load(own);
    expect((fetch.mock.calls as unknown[][])[0]![0]).toBe(own);
  });
});

describe("offload without WebAssembly", () => {
  it("is refused before any request", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    const fetch = vi.fn(() => Promise.resolve(new Response(bytes, wasmType)));
    expect(await rejectionOf(offload("https://unglue.test/app.wasm", { fetch }))).toMatchObject({
      code: "wasm-unavailable",
    });
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("one Response", () => {
  const sources: Record<string, () => Response> = {
    "of the platform": () => new Response(bytes, wasmType),
    "of the platform, of another type": () => new Response(bytes),
    "of another implementation": foreign,
  };
  const settings = { plainly: {}, "with progress": { onProgress: () => undefined }, "with a hash": {} };

  it.each(Object.keys(sources).flatMap((of) => Object.keys(settings).map((how) => [of, how] as const)))(
    "%s can be loaded once, %s: the second time it says so",
    async (of, how) => {
      const options =
        how === "with a hash" ? { integrity: await hashOf(bytes) } : settings[how as keyof typeof settings];
      const used = { code: "invalid-source", message: expect.stringContaining("clone()") as unknown };
      const after = sources[of]!();
      await load(after, options);
      expect(await rejectionOf(load(after, options))).toMatchObject(used);
      const both = sources[of]!();
      const outcomes = await Promise.allSettled([load(both, options), load(both, options)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [failed] = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(failed!.reason).toMatchObject(used);
    },
  );
});
