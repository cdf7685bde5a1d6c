import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { commandOf, declareCommand, type DeclareOptions } from "../../src/cli/declare.ts";
import { findProviders } from "../../src/cli/providers.ts";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { load, UnglueError } from "../../src/node.ts";
import { wat } from "../wat.ts";
import { add, glue, madeBy, packageOf, throwing } from "./small-package.ts";
import { terminal } from "./terminal.ts";

const made = (version: number, imports = throwing) => madeBy(version, imports);

async function declare(folder: string, module = "app_bg.wasm", options: DeclareOptions = {}) {
  const output = terminal();
  const path = join(folder, "declared.mjs");
  const code = await declareCommand(join(folder, module), { output: path, ...options }, "1", output);
  const flat = output.written().replaceAll(/\s+/g, " ");
  const { default: file } = (await import(`${path}?${Math.random()}`)) as { readonly default: never };
  return { code, flat, file };
}

describe("a module of a version that is too old", () => {
  it.each([
    [58, true],
    [67, true],
    [9, true],
    [68, false],
    [100, false],
    [130, false],
  ])("is of 0.2.%i: %s", async (version, isOld) => {
    const bytes = await made(version);
    const folder = packageOf({ "app_bg.wasm": bytes, "app.js": glue });
    const wasm = await load(bytes);
    expect(wasm.shape.advice.map(({ code }) => code)).toEqual(isOld ? ["unsupported-version"] : []);
    const output = terminal();
    await inspectCommand(join(folder, "app_bg.wasm"), {}, output);
    expect(output.written().includes("unsupported-version")).toBe(isOld);
    const { code, flat } = await declare(folder);
    expect([code, flat.includes("unsupported-version")]).toEqual([0, false]);
    expect(flat.includes("too old wasm-bindgen 0.2.")).toBe(isOld);
  });

  it("is refused if that leaves nothing to declare", async () => {
    const old = `export function add(text) { wasm.add(8, passStringToWasm0(text)); return getString(8); }`;
    const dts = "/* tslint:disable */\nexport function add(text: string): string;";
    const folder = packageOf({ "app_bg.wasm": await made(58, ""), "app.js": `let wasm;\n${old}`, "app.d.ts": dts });
    const declaring = declare(folder);
    await expect(declaring).rejects.toBeInstanceOf(UnglueError);
    await expect(declaring).rejects.toMatchObject({
      code: "unsupported-module",
      details: { toolchain: "wasm-bindgen", feature: "version" },
      message: expect.stringMatching(
        /app_bg\.wasm: wasm-bindgen 0\.2\.58 made this module, and the oldest .* 0\.2\.68/,
      ) as unknown,
    });
    expect(existsSync(join(folder, "declared.mjs"))).toBe(false);
  });

  it("has no advice on JavaScript beside the guesses", async () => {
    const { code, flat } = await declare(packageOf({ "app_bg.wasm": await made(58) }));
    expect([code, flat.includes("--glue")]).toEqual([1, false]);
    expect(flat).toContain("guessed 1 - add");
  });
});

describe("a text that cannot be read", () => {
  const bytes = made(105);
  const broken = `/* tslint:disable */\nexport function add(a: number, b: number): number;\nexport interface A { /** /* */ x */ y: 1 }`;

  it("is a .d.ts, and the error names the way without it, which works", async () => {
    const folder = packageOf({ "app_bg.wasm": await bytes, "app.js": glue, "app.d.ts": broken });
    await expect(declare(folder)).rejects.toThrow(CommandError);
    await expect(declare(folder)).rejects.toThrow(
      /app\.d\.ts cannot be parsed: .*\. Name another file with --dts, or go without one with --no-dts\.$/,
    );
    const { code, flat, file } = await declare(folder, "app_bg.wasm", { dts: false });
    expect(code).toBe(0);
    expect(flat).toContain("types not wanted: --no-dts interface 1 member");
    const { api } = await load(await bytes, file);
    expect((api as { add(a: number, b: number): number }).add(2, 3)).toBe(5);
  });

  it("is JavaScript, and the error names the way without it, with guesses", async () => {
    const dts = "/* tslint:disable */\nexport function add(a: number, b: number): number;";
    const folder = packageOf({ "app_bg.wasm": await bytes, "app.js": `${glue}\n}`, "app.d.ts": dts });
    writeFileSync(join(folder, "app.js"), `// __wbindgen_throw\n${glue}\n}`);
    await expect(declare(folder)).rejects.toThrow(/--glue, or go without one with --no-glue\.$/);
    const { flat } = await declare(folder, "app_bg.wasm", { glue: false });
    expect(flat).toContain("JavaScript not wanted: --no-glue");
  });

  it("is left out again by the command in the file", () => {
    expect(commandOf("app", { dts: false, glue: false })).toBe("npx unglue declare app --no-dts --no-glue");
  });
});

describe("JavaScript of a module without imports", () => {
  it("is found by the exports that it calls", async () => {
    const bytes = await made(87, "");
    const module = `export default "${Buffer.from(bytes).toString("base64")}";`;
    const start = `export const start = async () => { wasm = (await WebAssembly.instantiate(decode(module), {})).instance.exports; return { add }; };`;
    const folder = packageOf({
      "dist/module.js": module,
      "dist/app.js": `import module from "./module.js";\nlet wasm;\nfunction add(a, b) { const ret = wasm.add(a, b); return ret >>> 0; }\n${start}`,
      "dist/other.js": `export const set = new Set(); set.add(1); // wasm`,
      "test.js": `import { start } from "./dist/app.js";\nexport const sum = async () => (await start()).add(1, 2); // wasm`,
    });
    const { code, flat } = await declare(folder, "dist/module.js");
    expect(flat).toContain("JavaScript app/dist/app.js");
    expect([code, flat.includes("guessed")]).toEqual([0, false]);
  });

  it("is not used if it calls none of them", async () => {
    const bytes = await made(87, "");
    const folder = packageOf({
      "app_bg.wasm": bytes,
      "app.js": `export const f = (x) => JSON.stringify(x.add); // wasm`,
    });
    const { code, flat } = await declare(folder);
    expect(code).toBe(1);
    expect(flat).toContain("JavaScript not found");
    expect(flat).toContain("guessed 1 - add");
    expect(flat).toContain("it is not used: it calls none of the module's exports");
  });
});

describe("the advice", () => {
  it("has no closure to state for a cast that runs a function", async () => {
    const name = "__wbindgen_cast_0123456789abcdef";
    const text = `(data (i32.const 16) "1234") (memory (export "memory") 1)`;
    const bytes = await made(
      105,
      `${throwing} (import "wbg" "${name}" (func $cast (param i32 i32) (result i32))) ${text}
      (func (export "wasm_bindgen__convert__closures_____invoke__h0123456789abcdef") (param i32 i32 i32))
      (func (export "big") (result i32) (call $cast (i32.const 16) (i32.const 4)))`,
    );
    const heap = `const heap = new Array(1024).fill(undefined); heap.push(undefined, null, true, false); let next = heap.length;
      function addHeapObject(obj) { if (next === heap.length) heap.push(heap.length + 1); const idx = next; next = heap[idx]; heap[idx] = obj; return idx; }
      function dropObject(idx) { if (idx < 1028) return; heap[idx] = next; next = idx; }
      function takeObject(idx) { const ret = heap[idx]; dropObject(idx); return ret; }`;
    const casting = `${name}: (arg0, arg1) => { const ret = BigInt(getStringFromWasm0(arg0, arg1)); return addHeapObject(ret); },`;
    const more = `export function big() { const ret = wasm.big(); return takeObject(ret); }`;
    const files = { "app.js": `${heap}\n${glue.replace("{ wbg: {", `{ wbg: { ${casting}`)}\n${more}` };
    const { code, flat, file } = await declare(packageOf({ "app_bg.wasm": bytes, ...files }));
    expect([code, flat.includes("advice"), flat.includes("closures")]).toEqual([0, false, false]);
    expect(((await load(bytes, file)).api as { big(): bigint }).big()).toBe(1234n);
  });

  it("on constructors of a minified module says what they need first", async () => {
    const minified = `(module (import "a" "a" (func $a)) (memory (export "b") 1) (func (export "c") (call $a)))`;
    const wasm = await load(await wat(minified));
    const message = wasm.shape.advice.find(({ code }) => code === "constructors-not-run")?.message ?? "";
    expect(message).toMatch(
      /may call imports, whose stubs throw, so give .* in `imports` first.*call wasm\.guarded\["c"\]\(\) once/,
    );
    expect(() => wasm.guarded["c"]?.()).toThrow(/missing-import-called/);
    const given = await load(await wat(minified), { imports: { a: { a: () => undefined } } });
    expect(given.guarded["c"]?.()).toBe(undefined);
  });

  it("has no JavaScript to find for a toolchain of which none is read", async () => {
    const { flat } = await declare(packageOf({ "app.wasm": await wat(`(module ${add})`) }), "app.wasm");
    expect(flat).toContain("JavaScript none of this toolchain is read");
    expect(flat).toContain("The option `onTrap` says otherwise: see unglue/docs/traps.md.");
  });
});

describe("the tag of JavaScript's exceptions", () => {
  it("is known, and said to be the engine's", async () => {
    const tag = `(import "wbg" "__wbindgen_jstag" (tag (param externref)))`;
    const bytes = await made(126, `${tag} ${throwing}`);
    expect(await findProviders(bytes)).toMatchObject({
      reports: [
        {
          name: "__wbindgen_jstag",
          provider: "adapter",
          evidence: expect.stringContaining("WebAssembly.JSTag") as unknown,
        },
        { provider: "adapter" },
      ],
    });
    const { flat, code } = await declare(packageOf({ "app_bg.wasm": bytes, "app.js": glue }));
    expect(code).toBe(0);
    expect(flat).toContain("imports 2 of 2 known");
    expect(flat).toContain("globals 1 - __wbindgen_jstag: is the engine's WebAssembly.JSTag, which some engines lack");
  });
});
