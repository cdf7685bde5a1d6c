import { describe, expect, inject, it } from "vitest";
import { load, UnglueError } from "unglue";
import { napi } from "unglue/napi";
import { type Registered, scenarios } from "./scenario.mjs";

const server = inject("serverUrl");
const addonUrl = (name: string): string => new URL(`/addons/${name}.wasm`, server).href;

/** Loads an addon, and returns what it registers. */
async function open(name: string, options: Parameters<typeof load>[1] = {}) {
  const wasm = await load(addonUrl(name), { adapters: [napi()], ...options });
  return { wasm, api: wasm.api as Registered };
}

/** The addons that import threads. */
const threaded = ["parser", "snappy"];
/** The addons that return a Buffer, which emnapi has from the runtime. */
const buffered = ["lzma", "snappy"];
const lacksBuffer = !Object.hasOwn(globalThis, "Buffer");

const served = Object.keys(scenarios).filter((name) => !(lacksBuffer && buffered.includes(name)));

describe.each(served)("the job of %s", (name) => {
  it("answers as with its own JavaScript", { timeout: 120_000 }, async () => {
    const expected: unknown = await (await fetch(new URL(`/addons/${name}/expected.json`, server))).json();
    const { api } = await open(name);
    const answers = await scenarios[name]?.(api);
    expect(JSON.parse(JSON.stringify(answers))).toEqual(expected);
  });
});

describe.each(Object.keys(scenarios))("%s", (name) => {
  it("has every import from emnapi or the system interface, and no stub", async () => {
    const { wasm } = await open(name);
    expect(wasm.toolchain.name).toBe("napi");
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter").map((one) => one.name)).toEqual(
      threaded.includes(name) ? ["memory", "thread-spawn"] : ["memory"],
    );
  });
});

describe("two instances of an addon", () => {
  it("share nothing: an object of one is refused by the other", async () => {
    const [first, second] = await Promise.all([open("xxhash"), open("xxhash")]);
    const Xxh64 = first.api["Xxh64"] as unknown as new () => { update(text: string): unknown; digest(): bigint };
    const Other = second.api["Xxh64"] as unknown as typeof Xxh64;
    const hasher = new Xxh64();
    expect(() => (Other.prototype as { update(text: string): unknown }).update.call(hasher, "a")).toThrow(
      /unwrap|recover|type/i,
    );
    hasher.update("a");
    const digest = hasher.digest();
    first.wasm.dispose();
    const other = new Other();
    other.update("a");
    expect(other.digest()).toBe(digest);
    expect(() => hasher.update("a")).toThrow(expect.objectContaining({ code: "disposed" }));
  });
});

describe("an addon that starts threads", () => {
  const error = expect.objectContaining({
    code: "missing-import-called",
    message: expect.stringContaining("It starts a thread, and the addon runs on one only.") as string,
  }) as Error;

  it("says so where it starts one, and can be loaded again", { timeout: 120_000 }, async () => {
    const { wasm, api } = await open("oxide", { onTrap: "restart" });
    const { Scanner } = api as unknown as Record<"Scanner", new (options: object) => Record<string, () => unknown>>;
    const scanner = new Scanner({ sources: [] });
    expect(() => scanner["files"]).toThrow(error);
    expect(Object.keys(wasm.api)).toEqual(["Scanner"]);
  });

  it("fails in the call that starts one, whose promise nobody has", { timeout: 120_000 }, async () => {
    const { api } = await open("snappy");
    // A promise that is rejected without a handler would end the process, or fail the page's tests.
    expect(() => api["compress"]?.("text")).toThrow(error);
    await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("has the words of emnapi where it returns a Buffer and the page has none", async () => {
    const { api } = await open("snappy");
    const compress = () => api["compressSync"]?.(new Uint8Array(100));
    if (lacksBuffer) expect(compress).toThrow(/does not support "Buffer".*polyfill/);
    else expect(compress()).toBeInstanceOf(Uint8Array);
  });
});

describe("a promise of an addon", () => {
  it("is rejected when the instance is disposed of before it is settled", async () => {
    const { wasm, api } = await open("bcrypt");
    const hashing = api["hash"]?.("text", 6) as Promise<string>;
    wasm.dispose();
    await expect(hashing).rejects.toThrow(
      expect.objectContaining({ code: "disposed", message: expect.stringContaining('"hash"') as string }),
    );
  });
});

describe("the adapter", () => {
  it("says which options it takes", () => {
    const wrong = (options: object) => {
      try {
        napi(options);
      } catch (error) {
        return UnglueError.is(error) ? error.code : error;
      }
      return undefined;
    };
    expect(wrong({ cores: 1 })).toBe("unknown-option");
    expect(wrong({ core: {} })).toBe("invalid-option");
    expect(wrong({ core: { createNapiModule: () => 1 } })).toBe("invalid-option");
    expect(wrong({ wasi: { preopens: { "/": "/" } } })).toBe("invalid-option");
    expect(wrong({ wasi: { arg: [] } })).toBe("unknown-option");
    expect(wrong(null as unknown as object)).toBe("invalid-option");
  });
});
