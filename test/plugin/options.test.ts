import { join } from "node:path";
import { rollup } from "rollup";
import { expect, it } from "vitest";
import { type PluginOptions, unglue } from "../../src/plugin/index.ts";
import type { UnglueError } from "../../src/errors/unglue-error.ts";
import { answering, project } from "./project.ts";

/** The error that options are refused with. */
function refusalOf(options: unknown): UnglueError | undefined {
  try {
    void unglue.rollup(options as PluginOptions);
    return undefined;
  } catch (error) {
    return error as UnglueError;
  }
}

it("are checked before anything is built", () => {
  const unknown = refusalOf({ docz: true });
  expect(unknown?.code).toBe("unknown-option");
  expect(unknown?.message).toContain('unglue/plugin: there is no option "docz". Did you mean docs?');
  const wrong = refusalOf({ holes: "ignore" });
  expect(wrong?.code).toBe("invalid-option");
  expect(wrong?.message).toContain('unglue/plugin: holes must be "warn" or "error", got "ignore".');
  expect(refusalOf({ envFile: true })?.message).toContain("envFile must be a path or false, got true.");
  expect(refusalOf({ builtins: "js-string" })?.message).toContain(
    'builtins must be an array of sets of builtins, ["js-string"], got "js-string".',
  );
  expect(refusalOf({ importedStringConstants: "wasm:js-string" })?.message).toContain("does not begin with wasm:");
  expect(refusalOf({ docs: undefined, ofAnotherVersion: undefined })).toBeUndefined();
  expect(refusalOf(undefined)).toBeUndefined();
});

it("are an object", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const options of [null, 5, "text", [], () => true, new Map([["docs", false]]), new Date(), proxy]) {
    const refusal = refusalOf(options);
    expect(refusal?.code).toBe("invalid-option");
    expect(refusal?.message).toMatch(/^unglue\/plugin: options must be an object.*, got /);
  }
});

it("may have any value, and a wrong one is refused by the option's name", () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const values = [5n, 5, cyclic, Symbol("x"), () => true, proxy, { toJSON: null }, null, "a\0b", Array(1)];
  for (const name of ["docs", "shape", "holes", "envFile", "cacheDir", "builtins"]) {
    for (const value of values) {
      const refusal = refusalOf({ [name]: value });
      expect(refusal?.code).toBe("invalid-option");
      expect(refusal?.message).toMatch(/^unglue\/plugin: (\w+) must be /);
    }
  }
  expect(refusalOf({ holes: "x".repeat(5000) })?.message.length).toBeLessThan(300);
  const cause = new Error("mine");
  const get = (): never => {
    throw cause;
  };
  expect(refusalOf(Object.defineProperty({}, "docs", { get }))).toMatchObject({ code: "invalid-option", cause });
});

it("are own ones: an inherited one counts neither as an option nor as a mistake", async () => {
  expect(refusalOf(Object.create({ docz: true }))).toBeUndefined();
  // The result of its function is a guess, which would be an error.
  const root = project({ "main.js": 'export * from "./m.wasm?unglue"', "m.wasm": await answering("answer", 1) });
  const options = Object.assign(Object.create({ holes: "error" }) as object, { envFile: false, cacheDir: false });
  const plugins = [unglue.rollup(options as PluginOptions)];
  const bundle = await rollup({ input: join(root, "main.js"), plugins, onLog: () => undefined });
  expect(bundle.watchFiles).toContain(join(root, "m.wasm"));
});
