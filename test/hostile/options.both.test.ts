import { compile, compileSync, inspect, load, loadSync, type Pool } from "unglue";
import { describe, expect, it } from "vitest";
import { inspectOptions, instantiateOptions, sourceOptions } from "../../src/options.ts";
import { errorOf, rawErrors } from "./raw-errors.ts";
import { hostile } from "./thrown.ts";

const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const module = compileSync(bytes);
const pool = module.pool({ max: 100 });

/** Every call that takes options. */
const calls: { readonly [name: string]: (options: never) => unknown } = {
  load: (options) => load(bytes, options),
  loadSync: (options) => loadSync(bytes, options),
  compile: (options) => compile(bytes, options),
  compileSync: (options) => compileSync(bytes, options),
  inspect: (options) => inspect(bytes, options),
  instantiate: (options) => module.instantiate(options),
  instantiateSync: (options) => module.instantiateSync(options),
  pool: (options) => module.pool(options),
  take: (options) => pool.take(options),
  use: (options) => pool.use(() => 1, options),
};

/** The options under test, of those that a call may take. */
const names = [
  ...new Set([...sourceOptions, ...instantiateOptions, ...inspectOptions]),
  ...["max", "min", "reset", "timeout"],
];

describe.each(Object.entries(calls))("the options of %s", (name, call) => {
  it("that cannot be read are one code, with what they threw", async () => {
    const sentinel = new Error("no");
    const throwing = {
      get missing(): never {
        throw sentinel;
      },
    };
    const failure = await errorOf(() => call(throwing as never));
    expect(failure?.error).toMatchObject({ code: "invalid-option", details: { option: "options" }, cause: sentinel });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect((await errorOf(() => call(proxy as never)))?.error).toMatchObject({ code: "invalid-option" });
  });

  it("are refused with a code, or taken, whatever each of them is", async () => {
    const raw: string[] = [];
    for (const option of names) {
      const given = (value: unknown) => ({ ...(name === "pool" && { max: 1 }), [option]: value });
      for (const error of await rawErrors((value) => call(given(value) as never))) raw.push(`${option}: ${error}`);
    }
    expect(raw).toEqual([]);
  });
});

describe("what is given back to a pool", () => {
  it("may be anything, and is refused", async () => {
    const small: Pool = module.pool({ max: 1 });
    for (const [, make] of hostile) {
      const failure = await errorOf(() => small.give(make() as never));
      expect(failure?.error).toMatchObject({ code: "foreign-instance" });
    }
    expect(small.size).toBe(0);
  });
});

describe("an object that keeps its contents elsewhere than in members", () => {
  const empty = Object.freeze(new (class Settings {})());
  const makers = [() => new Map([["env", {}]]), () => new Set(["env"]), () => [], () => new Date(), () => empty];
  const records = ["missing", "importsByMeaning", "limits", "retry", "allocator", "trampolines", "known"];

  it.each(["options", ...records])("is no record, and is refused as %s", async (option) => {
    // Options may be inherited, which do not count, so an object of a class is one without options.
    for (const make of makers.slice(0, option === "options" ? -1 : undefined)) {
      const given = option === "options" ? make() : { [option]: make() };
      expect((await errorOf(() => load(bytes, given as never)))?.error).toMatchObject({
        code: "invalid-option",
        details: { option },
      });
    }
  });

  it("is refused where members may also come from a class", async () => {
    // (module (import "env" "f" (func)))
    const importing = Uint8Array.of(
      ...[...bytes, 1, 4, 1, 0x60, 0, 0],
      ...[2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x66, 0, 0],
    );
    const map = new Map([["env", { f: () => 1 }]]);
    for (const [options, option] of [
      [{ imports: map }, "imports"],
      [{ imports: Promise.resolve({}) }, "imports"],
      [{ imports: () => map }, "the result of imports"],
      [{ imports: { env: new Map([["f", () => 1]]) } }, "imports.env"],
      [{ console: new Set() }, "console"],
    ] as const) {
      expect((await errorOf(() => load(importing, options as never)))?.error).toMatchObject({
        code: "invalid-option",
        details: { option },
      });
    }
    class Env {
      f(): void {
        // It does nothing.
      }
    }
    class Modules {
      env = new Env();
    }
    for (const imports of [{ env: new Env() }, new Modules()]) {
      const wasm = await load(importing, { imports: imports as never, console: new (class Log {})() });
      expect(wasm.imports.map(({ provider }) => provider)).toEqual(["user"]);
    }
  });

  it("names the member that is wrong", async () => {
    expect((await errorOf(() => load(bytes, { missing: { "env.*": "ignore" } } as never)))?.error).toMatchObject({
      code: "invalid-option",
      details: { option: 'missing["env.*"]', received: '"ignore"' },
    });
  });
});
