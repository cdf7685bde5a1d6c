import { compile, load, type Progress } from "unglue";
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
