import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { findInputs, type Inputs } from "../../src/cli/declare/inputs.ts";
import { withoutStart } from "../../src/cli/unstarted.ts";
import { compile } from "../../src/node.ts";
import { writeDeclaration, type Written } from "../../src/cli/declare/write.ts";
import { checkTypes, type TypeProblems } from "./declared-types.ts";
import { wat } from "../wat.ts";
import { temporaryFolder } from "./terminal.ts";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** The modules of installed packages that wasm-bindgen made, with a `.d.ts` beside them. */
const modules = readdirSync("node_modules", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("_bg.wasm") && !name.includes(".cache"))
  .filter((name) => !name.includes("node_modules/"))
  .sort();

const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare app", folder: "." };

/** Adds the members whose types mention one of these. */
function affectedBy({ declared }: Written, names: Set<string>): ReadonlySet<string> {
  const texts = declared.members.map((one) => ({
    name: one.name,
    words: new Set(JSON.stringify({ ...one, data: 0, docs: 0 }).match(/[\w$]+/g)),
  }));
  for (let before = -1; before !== names.size;) {
    before = names.size;
    for (const { name, words } of texts) if ([...names].some((one) => words.has(one))) names.add(name);
  }
  return names;
}

describe("the declaration file", () => {
  const all = new Map<string, { readonly inputs: Inputs; readonly written: Written; types?: TypeProblems }>();
  beforeAll(async () => {
    for (const name of modules) {
      const inputs = await findInputs(`node_modules/${name}`, {});
      all.set(name, { inputs, written: await writeDeclaration(inputs, options) });
    }
    const list = [...all].map(([name, { inputs, written }], at) => ({
      name: `module${at}`,
      dts: written.dts,
      declared: written.declared,
      packageDts: inputs.dts?.path,
      of: name,
    }));
    for (const [at, types] of checkTypes(list).entries()) {
      const one = all.get(list[at]?.of ?? "");
      if (one) one.types = types;
    }
  }, 300_000);

  const of = (name: string) => all.get(name) as { inputs: Inputs; written: Written; types: TypeProblems };

  it("is written for many modules", () => {
    expect(modules.length).toBeGreaterThan(12);
  });

  it.each(modules)("of %s has types that are correct by themselves", (name) => {
    expect(of(name).types.errors).toEqual([]);
  });

  it.each(modules)("of %s has the package's types, or lists the difference", (name) => {
    const { types, written } = of(name);
    const { differences, holes } = written.declared;
    const listed = affectedBy(
      written,
      new Set([...differences, ...holes].map(({ member }) => member.split(".")[0] ?? "")),
    );
    expect([...types.differing].filter(([member]) => !listed.has(member.split(" ")[0] ?? ""))).toEqual([]);
  });

  it.each(modules)("of %s is taken by its module", async (name) => {
    const { inputs, written } = of(name);
    const module = await compile(withoutStart(inputs.module.bytes));
    const limits = { memoryPages: 65_536 };
    const wasm = await module.instantiate({ ...written.file, initialize: false, limits, warn: () => undefined });
    wasm.dispose();
  });

  it.each(modules)("of %s is JSON, read from its own text", async (name) => {
    const { written } = of(name);
    const path = join(temporaryFolder(), "app.mjs");
    writeFileSync(path, written.js.replace(/^import .*$/gm, "").replace(/^export const imports[\s\S]*$/m, ""));
    const module = (await import(pathToFileURL(path).href)) as { readonly default: unknown };
    expect(JSON.parse(JSON.stringify(module.default))).toEqual(module.default);
    expect(JSON.parse(JSON.stringify(written.file))).toEqual(module.default);
  });

  it.each(modules)("of %s is the same each time", async (name) => {
    const { inputs, written } = of(name);
    const again = await writeDeclaration(inputs, options);
    expect([again.js, again.dts]).toEqual([written.js, written.dts]);
  });

  it("takes few bytes a member", () => {
    const sizes = modules.map((name) => {
      const { js, declared } = of(name).written;
      const members = declared.members.reduce(
        (sum, one) => sum + (one.kind === "class" ? Object.keys(one.data.members).length : 1),
        0,
      );
      return { name, members, bytes: Math.round(brotliCompressSync(js).length / Math.max(1, members)) };
    });
    for (const { name, members, bytes } of sizes)
      process.stdout.write(`${name}: ${members} members, ${bytes} bytes a member\n`);
    expect(sizes.filter(({ members, bytes }) => members > 100 && bytes > 60)).toEqual([]);
  });
});

describe("two builds in one folder", () => {
  it.each(["node", "web"])("%s is declared with its own JavaScript and types", async (build) => {
    const folder = temporaryFolder();
    for (const one of ["node", "web"]) {
      for (const end of ["_bg.wasm", ".js", ".d.ts"]) {
        copyFileSync(`node_modules/prqlc/dist/${one}/prqlc_js${end}`, join(folder, one + end));
      }
    }
    const { glue, dts } = await findInputs(join(folder, `${build}_bg.wasm`), {});
    expect([glue?.path, dts?.path].map((path) => basename(path ?? ""))).toEqual([`${build}.js`, `${build}.d.ts`]);
  });
});

describe("a function of the package's own JavaScript", () => {
  const name = "__wbg_greet_0011223344556677";
  const write = async (exported: object) => {
    const folder = temporaryFolder();
    const at = join(folder, "node_modules/app");
    mkdirSync(join(at, "snippets"), { recursive: true });
    writeFileSync(join(at, "package.json"), JSON.stringify({ name: "app", version: "1.0.0", exports: exported }));
    writeFileSync(join(at, "app_bg.wasm"), await wat(`(module (import "wbg" "${name}" (func (param i32))))`));
    writeFileSync(join(at, "snippets/greet.js"), "export function greet() {}");
    writeFileSync(
      join(at, "app.js"),
      `import { greet } from './snippets/greet.js';
let wasm;
function __wbg_get_imports() {
    const imports = {};
    imports.wbg = {};
    imports.wbg.${name} = function(arg0) { greet(arg0); };
    return imports;
}
export function initSync(module) {
    const instance = new WebAssembly.Instance(module, __wbg_get_imports());
    wasm = instance.exports;
    return wasm;
}
`,
    );
    const inputs = await findInputs(join(at, "app_bg.wasm"), {});
    return (await writeDeclaration(inputs, { ...options, folder })).js;
  };

  it("is imported through the package", async () => {
    expect(await write({ "./*": "./*" })).toContain('from "app/snippets/greet.js"');
  });

  it("is imported by its place if the package does not export it", async () => {
    expect(await write({ ".": "./app.js" })).toContain('from "./node_modules/app/snippets/greet.js"');
  });
});

describe("what a load would refuse", () => {
  const declare = async (body: string) => {
    const folder = temporaryFolder();
    const name = "__wbg_made_0011223344556677";
    const text = `(module (import "wbg" "${name}" (func (param i32 i32) (result i32))) (memory (export "memory") 1)
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) i32.const 0))`;
    writeFileSync(join(folder, "app_bg.wasm"), await wat(text));
    writeFileSync(
      join(folder, "app.js"),
      `let wasm;
const heap = new Array(128).fill(undefined);
heap.push(undefined, null, true, false);
let heap_next = heap.length;
function addHeapObject(obj) {
    if (heap_next === heap.length) heap.push(heap.length + 1);
    const idx = heap_next;
    heap_next = heap[idx];
    heap[idx] = obj;
    return idx;
}
function getObject(idx) { return heap[idx]; }
function dropObject(idx) { if (idx < 132) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
class Thing { __destroy_into_raw() { const ptr = this.__wbg_ptr; this.__wbg_ptr = 0; return ptr; } }
let memory0 = null;
function getUint8ArrayMemory0() {
    if (memory0 === null || memory0.byteLength === 0) memory0 = new Uint8Array(wasm.memory.buffer);
    return memory0;
}
function getArrayU8FromWasm0(ptr, len) { return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len); }
function __wbg_get_imports() {
    const imports = {};
    imports.wbg = {};
    imports.wbg.${name} = function(arg0, arg1) { ${body} };
    return imports;
}
export function initSync(module) {
    wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;
    return wasm;
}
`,
    );
    const { file, known } = await writeDeclaration(await findInputs(join(folder, "app_bg.wasm"), {}), options);
    return { stated: file.known as { meanings?: Readonly<Record<string, string>> }, holes: known?.holes, name };
  };

  it("is stated otherwise, for a copy of an array", async () => {
    const { stated, holes, name } = await declare(
      "return addHeapObject(new Uint8Array(getArrayU8FromWasm0(arg0, arg1)));",
    );
    expect(holes).toEqual([]);
    expect(stated.meanings?.[name]).toBe("new Uint8Array: (&[u8)->H");
  });

  it("is stated otherwise, for an object that is frozen", async () => {
    const { stated, name } = await declare("return addHeapObject(Object.freeze(takeObject(arg0), takeObject(arg1)));");
    expect(stated.meanings?.[name]).toBe("Object.freeze: (H,H)->H");
  });

  it("is a hole, for an object of a class that a global function returns", async () => {
    const { stated, holes, name } = await declare(
      "return global_thing(takeObject(arg0), takeObject(arg1)).__destroy_into_raw();",
    );
    expect(holes?.map(({ member }) => member)).toEqual([name]);
    expect(stated).toMatchObject({ holes: [name] });
    expect(Object.keys(stated.meanings ?? {})).toEqual([]);
  });
});

describe("a class", () => {
  const names = ["__wbg_app_free", "app_set", "app_next", "app_make"];
  const write = async (exports: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
    writeFileSync(
      join(folder, "app_bg.wasm"),
      await wat(
        `(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))) (memory (export "memory") 1) ${exports})`,
      ),
    );
    writeFileSync(
      join(folder, "app.d.ts"),
      `export class App {
  private constructor();
  free(): void;
  set(value: number): App;
  next(): App;
  static make(): number;
  toJSON(): object;
  __destroy_into_raw(): number;
  readonly ptr: number;
}`,
    );
    writeFileSync(
      join(folder, "app.js"),
      `let wasm;
const imports = { wbg: { __wbindgen_throw: () => {} } };
export class App {
  __destroy_into_raw() { const ptr = this.ptr; this.ptr = 0; return ptr; }
  free() { wasm.__wbg_app_free(this.__destroy_into_raw()); }
  set(value) { wasm.app_set(this.ptr, value); return this; }
  next() { const next = wasm.app_next(this.ptr); return this; }
  static make() { return wasm.app_make(); }
  toJSON() { return {}; }
}
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`,
    );
    return writeDeclaration(await findInputs(join(folder, "app_bg.wasm"), {}), options);
  };
  const [free, set, next, make] = [
    `(func (export "${names[0]}") (param i32))`,
    `(func (export "${names[1]}") (param i32 i32))`,
    `(func (export "${names[2]}") (param i32) (result i32) i32.const 0)`,
    `(func (export "${names[3]}") (result i32) i32.const 7)`,
  ];

  it("whose methods return their object is declared, and the difference is listed", async () => {
    const { declared, dts } = await write([free, set, next, make].join(" "));
    const [app] = declared.members;
    expect(app?.kind === "class" && app.data.members).toMatchObject({
      set: { member: "method", result: { type: "void" } },
    });
    expect(dts).toContain("set(value: number): void;");
    expect(declared.differences).toEqual([
      { member: "App.set", reason: "it returns its object there, and nothing here" },
    ]);
    // The module returns something there, which might be owned.
    expect(declared.holes.map(({ member }) => member)).toEqual(["App.next", "App.toJSON"]);
    expect(declared.holes[1]?.reason).toBe("it is JavaScript that does not call the module by itself");
  });

  it("whose objects the module never makes has none to be freed", async () => {
    const { declared } = await write([set, next, make].join(" "));
    const [app] = declared.members;
    expect(app?.kind === "class" && app.data).toMatchObject({ free: false });
    expect(declared.differences.map(({ member }) => member)).toContain("App.free");
    expect(declared.holes.map(({ member }) => member)).not.toContain("App.free");
  });
});

describe("what makes an object", () => {
  const write = async (types: string, code: string, exports: string) => {
    const folder = temporaryFolder();
    const files = {
      "package.json": JSON.stringify({ name: "app", version: "1.0.0" }),
      "app.d.ts": types,
      "app.js": `let wasm;
const imports = { wbg: { __wbindgen_throw: () => {} } };
const heap = new Array(128).fill(undefined);
heap.push(undefined, null, true, false);
let heap_next = heap.length;
function getObject(idx) { return heap[idx]; }
function dropObject(idx) { if (idx < 132) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
class Other { static __wrap(ptr) { const obj = Object.create(Other.prototype); obj.ptr = ptr; return obj; }
  __destroy_into_raw() { const ptr = this.ptr; this.ptr = 0; return ptr; }
  free() { wasm.__wbg_other_free(this.__destroy_into_raw()); } }
export class App { __destroy_into_raw() { const ptr = this.ptr; this.ptr = 0; return ptr; }
  free() { wasm.__wbg_app_free(this.__destroy_into_raw()); }
  ${code} }
export { Other };
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`,
      "app_bg.wasm": await wat(
        `(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))) (memory (export "memory") 1)
          (func (export "__wbg_app_free") (param i32)) (func (export "__wbg_other_free") (param i32)) ${exports})`,
      ),
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return writeDeclaration(await findInputs(join(folder, "app_bg.wasm"), {}), options);
  };
  const other = "export class Other { free(): void; }";

  it("may be an asynchronous constructor, whose result is a handle of a promise and no address", async () => {
    const { declared, dts } = await write(
      `export class App { free(): void; constructor(size: number); } ${other}`,
      "constructor(size) { const ret = wasm.app_new(size); return takeObject(ret); }",
      '(func (export "app_new") (param i32) (result i32) i32.const 0)',
    );
    expect(declared.holes).toEqual([]);
    const app = declared.members.find(({ name }) => name === "App");
    expect(app?.kind === "class" && app.data.members).toMatchObject({
      new: { member: "static", result: { type: "promise" } },
    });
    expect(dts).toContain('"new"(size: number): Promise<App>;');
    expect(declared.differences).toEqual([
      { member: "App.constructor", reason: "it returns a promise there, as App.new(…) does here" },
    ]);
  });

  it("may be of another class: a static method of the name new is one like others", async () => {
    const { declared, dts } = await write(
      `export class App { private constructor(); free(): void; static new(size: number): Other; } ${other}`,
      "static new(size) { const ret = wasm.app_new(size); return Other.__wrap(ret); }",
      '(func (export "app_new") (param i32) (result i32) i32.const 16)',
    );
    expect(declared.holes).toEqual([]);
    const app = declared.members.find(({ name }) => name === "App");
    expect(app?.kind === "class" && app.data.members).toMatchObject({
      new: { member: "static", result: { type: "owned", class: "Other" } },
    });
    expect(dts).toContain('"new"(size: number): Other;');
  });
});
