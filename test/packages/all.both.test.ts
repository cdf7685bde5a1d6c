import { describe, expect, it } from "vitest";
import { compile, inspect, load, UnglueError } from "unglue";
import { installedModules, moduleBytes, moduleNames, moduleUrl } from "./served.ts";

const names = await moduleNames();

/** Modules that missing: "trap" does not load, with the import that their initializer calls. */
const refused: Readonly<Record<string, string>> = {
  "sql.js/dist/sql-wasm-debug.wasm": "env.__handle_stack_overflow",
  "sql.js/dist/sql-wasm-browser-debug.wasm": "env.__handle_stack_overflow",
};

/** The toolchains, as far as the modules themselves tell: where nothing but the linker shows, it is llvm. */
const toolchains = (await installedModules()).map(({ path, toolchain }) => [path, toolchain] as const);

describe("the modules below node_modules", () => {
  it("are all that the suites count on", () => {
    expect(names).toEqual(expect.arrayContaining(toolchains.map(([path]) => path)));
    expect(names).toEqual(expect.arrayContaining(Object.keys(refused)));
  });

  it.each(toolchains)("%s is told to be of %s", async (name, toolchain) => {
    expect(inspect(await moduleBytes(name)).toolchain.name).toBe(toolchain);
  });
});

describe.each(names)("%s", (name) => {
  it("has the imports and exports that the engine lists, with a type for each", async () => {
    const bytes = await moduleBytes(name);
    const shape = inspect(bytes);
    const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    const known = shape.imports.map(({ module, name, kind }) => ({ module, name, kind }));
    expect(known).toEqual(WebAssembly.Module.imports(module));
    expect(shape.exports.map(({ name, kind }) => ({ name, kind }))).toEqual(WebAssembly.Module.exports(module));
    expect([...shape.imports, ...shape.exports].filter(({ type }) => !type)).toEqual([]);
    expect(shape.complete).toBe(true);
    for (const { name, size } of shape.customSections) {
      expect(WebAssembly.Module.customSections(module, name).map(({ byteLength }) => byteLength)).toContain(size);
    }
  });

  it("has a shape that is plain data", async () => {
    const shape = inspect(await moduleBytes(name));
    expect(structuredClone(shape)).toEqual(shape);
    expect(JSON.parse(JSON.stringify(shape))).toEqual(shape);
  });

  it("has the same shape streamed as from its bytes, but for where the sections behind the code lie", async () => {
    // Classes and the allocator are listed by inspect alone.
    const { customSections: streamed, ...shape } = (await compile(moduleUrl(name))).shape;
    const { customSections: read, classes, allocator, ...expected } = inspect(await moduleBytes(name));
    // The advice of an adapter comes with the adapter, which inspect does not fetch; and the adapter's tables may know which
    // closures those are that inspect can only name.
    const advice: unknown = expect.arrayContaining(expected.advice.filter(({ code }) => code !== "closures"));
    expect(shape).toEqual({ ...expected, advice });
    expect(classes).toBeDefined();
    expect(Object.hasOwn(shape, "allocator")).toBe(false);
    const exported = expected.exports.map((one) => one.name);
    for (const one of Object.values(allocator ?? {})) expect(exported).toContain(one);
    const known = read.map(({ name, size }) => ({ name, size }));
    expect(known).toEqual(expect.arrayContaining(streamed.map(({ name, size }) => ({ name, size }))));
  });

  it("loads under missing: trap, or names the import that its initializer calls", async () => {
    const loaded = await load(moduleUrl(name)).catch((error: unknown) => error);
    if (UnglueError.is(loaded, "missing-import-called")) {
      expect(`${loaded.details.module}.${loaded.details.name}`).toBe(refused[name]);
      return;
    }
    if (loaded instanceof Error) throw loaded;
    const wasm = loaded as Awaited<ReturnType<typeof load>>;
    expect(refused[name]).toBeUndefined();
    expect(wasm.state).toBe("live");
    expect(wasm.imports.map(({ module, name }) => `${module}.${name}`)).toEqual(
      wasm.shape.imports.map(({ module, name }) => `${module}.${name}`),
    );
    const providersOf = ({ kind, module }: (typeof wasm.imports)[number]): readonly string[] => {
      if (kind !== "function") return ["created"];
      const hasAdapter = wasm.toolchain.name === "wasm-bindgen" || module === "wasi_snapshot_preview1";
      return hasAdapter ? ["adapter", "stub"] : ["stub"];
    };
    expect(wasm.imports.filter((one) => !providersOf(one).includes(one.provider))).toEqual([]);
  });
});
