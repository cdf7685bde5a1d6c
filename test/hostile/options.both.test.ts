import { compile, compileSync, inspect, load, loadSync, type Pool, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { inspectOptions, instantiateOptions, sourceOptions } from "../../src/options.ts";
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

/** The error of a call, however it comes; `undefined` where there is none. */
async function errorOf(call: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return { error };
  }
}

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
      for (const [what, make] of hostile) {
        const value = make();
        const failure = await errorOf(() => call({ ...(name === "pool" && { max: 1 }), [option]: value } as never));
        // An exception from a user's function or getter passes unchanged.
        const isOwn = failure?.error instanceof Error && failure.error.message === "not to be asked";
        if (failure && !isOwn && !UnglueError.is(failure.error)) raw.push(`${option}: ${what}`);
      }
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
