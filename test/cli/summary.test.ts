import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { declareCommand } from "../../src/cli/declare.ts";
import { globalsOf } from "../../src/cli/declare/globals.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { usageLines } from "../../src/cli/declare/usage.ts";
import { shellWord } from "../../src/cli/output.ts";
import { wat } from "../wat.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

async function declared(argument: string, options: Parameters<typeof declareCommand>[1] = {}) {
  const output = terminal();
  const path = join(temporaryFolder(), "out.mjs");
  const code = await declareCommand(argument, { output: path, ...options }, "1.0.0", output);
  const lines = output.written().split("\n");
  expect(lines.filter((line) => line.length > 80 && line.includes(" "))).toEqual([]);
  return { code, text: output.written(), flat: output.written().replaceAll(/\s+/g, " ") };
}

async function file(text: string, name = "app.wasm"): Promise<string> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, await wat(text));
  return path;
}

describe("the summary of unglue declare", () => {
  it("names the toolchain and the compiler", async () => {
    const { flat } = await declared("node_modules/prqlc/dist/node/prqlc_js_bg.wasm");
    expect(flat).toMatch(/made by wasm-bindgen 0\.2\.\d+; rustc [\d.]+, walrus [\d.]+ JavaScript/);
    expect(flat).toContain("interface 10 members: 6 functions, 4 in 1 class");
    expect(flat).toContain("imports 6 of 6 known");
    expect(flat).not.toContain("you supply");
    const c = await declared("examples/c/counter.wasm");
    expect(c.flat).toContain("made by clang 14.0.6 JavaScript");
  });

  it("groups equal remarks, and says what to do about guesses", async () => {
    const { code, flat } = await declared("examples/c/counter.wasm");
    expect(code).toBe(1);
    expect(flat).toContain(
      "guessed 4 - crc32, counter_new, counter_add, counter_free: its numbers may be addresses, lengths",
    );
    expect(flat).toContain(
      "write the types of the source, such as a C header, over the guessed ones, as unglue/docs/c.md shows",
    );
  });

  it("names the imports that nobody provides, with counts that add up", async () => {
    const path = await file(`(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
      (import "env" "a" (func)) (import "env" "b" (func (param i32))) (memory (export "memory") 1)
      (func (export "f") (param i32) (result i32) (local.get 0)))`);
    const { flat } = await declared(path);
    expect(flat).toContain("imports 1 of 3 known");
    expect(flat).toContain("you supply 2: env.a, env.b. Pass them as the option `imports`");
    const { text: json } = await declared(path, { json: true });
    expect(JSON.parse(json)).toMatchObject({
      imports: 3,
      known: 1,
      supply: [
        { module: "env", name: "a" },
        { module: "env", name: "b" },
      ],
    });
  });

  it("explains a module whose names Emscripten minified", async () => {
    const names = Array.from("abcdefgh");
    const path = await file(`(module ${names
      .slice(0, 6)
      .map((name) => `(import "a" "${name}" (func (param i32)))`)
      .join("")} (memory (export "g") 1) (func (export "h")) (func (export "i") (param i32) (result i32) (local.get 0))
      (table (export "j") 1 funcref) (func (export "k") (param i32)))`);
    const { flat } = await declared(path);
    expect(flat).toContain("made by emscripten");
    expect(flat).toContain("you supply 6: a.a, a.b, a.c, and 3 more");
    expect(flat).toContain("minified-names: Emscripten minified the names");
    expect(flat).toContain("unglue/docs/emscripten.md");
  });

  it("declares nothing of an addon, and has no lines that would load it without its functions", async () => {
    const path = await file(`(module (import "env" "napi_typeof" (func (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1))
      (func (export "other") (param i32) (result i32) (local.get 0)))`);
    const { text, flat } = await declared(path);
    expect(flat).toContain("`adapters: [napi()]`");
    expect(flat).toContain("no file can declare them");
    expect(text).not.toContain("Now load it");
  });

  it("has no lines that load a file without members, and says what to do next", async () => {
    const path = await file(`(module (memory (export "memory") 1))`);
    const { code, text, flat } = await declared(path);
    expect(code).toBe(1);
    expect(text).not.toContain("Now load it");
    expect(flat).toContain("Nothing is declared");
    expect(flat).toContain("npx unglue inspect");
  });
});

describe("a program with other functions", () => {
  it("is said not to be run", async () => {
    const started = `(func (export "_start")) (func (export "f") (param i32))`;
    for (const [source, isProgram] of [
      [started, true],
      [started.replace("_start", "begin"), false],
    ] as const) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "app.wasm"), await wat(`(module (memory (export "memory") 1) ${source})`));
      const { flat } = await declared(join(folder, "app.wasm"));
      expect(flat.includes("The module is a program: a load does not run `_start`")).toBe(isProgram);
    }
  });
});

describe("globals that an import needs", () => {
  const meanings = (...all: string[]) => ({ toolchain: "wasm-bindgen", meanings: Object.fromEntries(all.entries()) });

  it("are named unless every runtime has them", () => {
    const known = meanings(
      "global.PANICS.set_message: (s)",
      "globalThis.host.call: (s)",
      "document.createElement: (s)->!H",
      "new Map: ()->H",
      "console.log: (h)",
      "globalThis.Math.random: ()->d",
    );
    expect(globalsOf(known).map(({ reason }) => /global (\S+),/.exec(reason)?.[1])).toEqual([
      "global.PANICS",
      "host",
      "document",
    ]);
  });

  it("are none of receivers, checks of a class, and values that may be missing", () => {
    expect(globalsOf(meanings("Node.prototype.appendChild: (h)->!H", ".call: (h)", "window: ?H"))).toEqual([]);
    expect(globalsOf(undefined)).toEqual([]);
    // They are tried one after the other, and the module catches.
    expect(globalsOf(meanings("get self.self: ()->!H", "window.window: ()->!H", "global.global: ()->!H"))).toEqual([]);
    expect(globalsOf(meanings("window.window: ()->H", "window.location: ()->!H"))).toHaveLength(2);
  });

  it("stand in the summary", async () => {
    const folder = join(temporaryFolder(), "prqlc");
    cpSync("node_modules/prqlc/dist/node", folder, { recursive: true });
    const glue = join(folder, "prqlc_js.js");
    const text = readFileSync(glue, "utf8").replaceAll(/\bconsole\.(log|error)\(/g, "myConsole.$1(");
    writeFileSync(glue, text.replaceAll(/new Error\(\)/g, "new MyError()"));
    const { flat } = await declared(join(folder, "prqlc_js_bg.wasm"));
    expect(flat).toMatch(/globals 2 - __wbg_\w+: reads the global \w+, which some runtimes lack; set it before/);
  });
});

describe("the lines that load a module", () => {
  it.each([
    "default",
    "class",
    "load",
    "imports",
    "wasm",
    "require",
    "await",
    "createRequire",
    "3d",
    "a-b",
    "ünï",
    "…",
  ])("are JavaScript for a package named %s", async (name) => {
    const folder = join(temporaryFolder(), "node_modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
    writeFileSync(join(folder, "app.wasm"), readFileSync("examples/hello/hello.wasm"));
    const lines = usageLines(await findInputs(join(folder, "app.wasm"), {}), "app.mjs", {
      given: ["env"],
      width: 80,
    });
    const body = lines.join("\n").replaceAll(/import (\w+), \{ imports \} from (".*");/g, "const [$1, imports] = [];");
    expect(body).toContain("const [");
    const code = body.replace(/import \{ load \} from "unglue";/, "const load = () => {};");
    expect(() => new Script(`"use strict"; async () => {${code}}`)).not.toThrow();
  });
});

describe("a word of a command", () => {
  it.each([
    "a b",
    "it's",
    "$(touch x)",
    "new\nline",
    "back\\slash\n'",
    "tab\t",
    "\u001b[31m",
    "ü\n",
    "",
    "-",
    "\u202e",
  ])("is the same in a shell: %j", (word) => {
    const quoted = shellWord(word);
    // eslint-disable-next-line no-control-regex -- a terminal obeys them
    expect(quoted).not.toMatch(/[\0-\x1f\x7f\u202e]/);
    const shown = execFileSync("bash", ["-c", `printf '%s|' ${quoted}`], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    expect(shown).toBe(`${word}|`);
  });
});
