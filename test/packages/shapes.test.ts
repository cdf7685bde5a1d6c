import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { HeadScanner } from "../../src/reflect/index.ts";
import { advise } from "../../src/toolchains/advice.ts";
import { completeShape, inspect, readHead, shapeOfModule } from "../reflect/reader.ts";
import type { Shape } from "../../src/public/index.ts";
import { type Installed, installed, listModules, moduleBytes } from "./index.mjs";
import { packageFile } from "./modules.mjs";

const modules = await Promise.all((await listModules()).map(async (name) => [name, await moduleBytes(name)] as const));

/**
 * Sections that lie behind the code have no known place, where the engine was asked for them. It is not asked for names of
 * functions: that would copy megabytes.
 */
const withoutPlaces = (shape: Shape) => ({
  ...shape,
  customSections: shape.customSections.filter(({ name }) => name !== "name").map(({ name, size }) => [name, size]),
});

describe("the modules of other packages", () => {
  it("are there", () => {
    expect(modules.length).toBeGreaterThan(10);
  });

  it("are of the versions that the list has", async () => {
    const found = installed.map(async (one) => {
      const { version } = JSON.parse(await readFile(packageFile(`${one.package}/package.json`), "utf8")) as Installed;
      return { ...one, version };
    });
    expect(await Promise.all(found)).toEqual(installed);
  });

  it.each(modules)("%s has the imports, exports and custom sections that the engine finds", async (_, bytes) => {
    const shape = inspect(bytes);
    const module = await WebAssembly.compile(bytes);
    expect(shape.imports.map(({ module, name, kind }) => ({ module, name, kind }))).toEqual(
      WebAssembly.Module.imports(module),
    );
    expect(shape.exports.map(({ name, kind }) => ({ name, kind }))).toEqual(WebAssembly.Module.exports(module));
    for (const { name, offset = 0, size } of shape.customSections) {
      const contents = WebAssembly.Module.customSections(module, name).map((buffer) => new Uint8Array(buffer));
      expect(contents).toContainEqual(new Uint8Array(bytes.subarray(offset, offset + size)));
    }
  });

  it.each(modules)("%s has for each exported function the parameters that the engine counts", async (_, bytes) => {
    const { imports, exports } = inspect(bytes);
    const given: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name, kind } of imports) {
      expect(kind).toBe("function");
      (given[module] ??= {})[name] = () => 0;
    }
    const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes), given);
    for (const wanted of exports) {
      if (wanted.kind === "function") {
        expect(wanted.type?.params.length).toBe(
          (instance.exports[wanted.name] as (...args: never[]) => unknown).length,
        );
      }
    }
  });

  it.each(modules)("%s has the same shape from its head and the engine as from its bytes", async (_, bytes) => {
    const scanner = new HeadScanner();
    for (let at = 0; at < bytes.length && !scanner.push(bytes.subarray(at, at + 999)); at += 999);
    expect(scanner.bytes.length).toBeLessThan(bytes.length);
    const module = await WebAssembly.compile(bytes);
    expect(withoutPlaces(advise(completeShape(readHead(scanner.bytes), module)))).toEqual(
      withoutPlaces(inspect(bytes)),
    );
  });

  it.each(modules)("%s is of the same toolchain as a compiled module", async (_, bytes) => {
    const { toolchain, advice } = advise(shapeOfModule(await WebAssembly.compile(bytes)));
    const complete = inspect(bytes);
    expect(toolchain.name).toBe(complete.toolchain.name);
    // Which export something is may take its type.
    expect(advice.map(({ code }) => code)).toEqual(complete.advice.map(({ code }) => code));
  });
});
