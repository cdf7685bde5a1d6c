import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { declareCommand } from "../../src/cli/declare.ts";
import { readInput } from "../../src/cli/input.ts";
import { toJson } from "../../src/cli/output.ts";
import { runCommand } from "../../src/cli/run.ts";
import { shapeCommand } from "../../src/cli/shape.ts";
import { typesCommand } from "../../src/cli/types.ts";
import { wasmBindgen } from "../../src/entries/wasm-bindgen.ts";
import { load } from "../../src/node.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const lz4 = readFileSync("node_modules/lz4-wasm/lz4_wasm_bg.wasm");
const prqlc = "node_modules/prqlc/dist/node/prqlc_js_bg.wasm";
const voy = "node_modules/voy-search";

/** A folder with the files of lz4-wasm. */
function packageFolder(name = "lz4"): string {
  const folder = join(temporaryFolder(), name);
  cpSync("node_modules/lz4-wasm", folder, { recursive: true });
  return folder;
}

/** The path of a declaration file of prqlc. */
async function prqlcFile(): Promise<string> {
  const output = join(temporaryFolder(), "prqlc.mjs");
  await declared(prqlc, { output });
  return output;
}

async function declared(argument: string, options: Parameters<typeof declareCommand>[1] = {}) {
  const output = terminal();
  const code = await declareCommand(argument, options, "1.0.0", output);
  return { code, out: output.written(), err: output.remarked() };
}

describe("the folder that is searched", () => {
  it("may have pipes, and links that lead nowhere or to themselves", async () => {
    const folder = packageFolder();
    execFileSync("mkfifo", [join(folder, "pipe.wasm"), join(folder, "pipe.js")]);
    symlinkSync("gone.js", join(folder, "gone-link.js"));
    symlinkSync("loop.wasm", join(folder, "loop.wasm"));
    expect((await readInput(folder)).bytes).toHaveLength(lz4.length);
    expect(await declared(folder, { output: join(folder, "out.mjs") })).toMatchObject({ code: 0 });
  });
});

describe("the files that are written", () => {
  it("are both there, or none is", async () => {
    const folder = packageFolder();
    const path = join(folder, "pair.mjs");
    mkdirSync(path.replace(".mjs", ".d.mts"));
    await expect(declared(folder, { output: path })).rejects.toThrow(/pair\.d\.mts/);
    expect(existsSync(path)).toBe(false);
  });

  it("replace nothing that the command has not written", async () => {
    const folder = packageFolder();
    const [module, own] = [join(folder, "lz4_wasm_bg.wasm"), join(folder, "own.txt")];
    writeFileSync(own, "mine");
    for (const command of [typesCommand, shapeCommand]) {
      await expect(command(module, { output: own }, terminal())).rejects.toThrow("this command has not written it");
      const made = join(folder, "made");
      for (const again of [1, 2])
        expect([again, await command(module, { output: made }, terminal())]).toEqual([again, 0]);
      writeFileSync(made, "");
    }
    expect(readFileSync(own, "utf8")).toBe("mine");
  });

  it("are checked under the name .mjs, too", async () => {
    const folder = packageFolder();
    const path = join(folder, "q.mjs");
    await declared(folder, { output: path });
    const { code, out } = await declared(voy, { output: path, check: true });
    expect(code).toBe(1);
    expect(out).not.toContain("cannot be parsed");
  });
});

describe("types that were written by hand", () => {
  async function typesWith(addition: string) {
    const folder = join(temporaryFolder(), "voy");
    cpSync(voy, folder, { recursive: true });
    const dts = join(folder, "voy_search.d.ts");
    writeFileSync(
      dts,
      addition.includes("export interface Neighbor") ? addition : `${readFileSync(dts, "utf8")}\n${addition}\n`,
    );
    const path = join(folder, "out.mjs");
    const result = await declared(join(folder, "voy_search_bg.wasm"), { output: path, dts });
    return { ...result, text: readFileSync(path.replace(".mjs", ".d.mts"), "utf8") };
  }
  const withEnumeration = (enumeration: string) => {
    const text = readFileSync(join(voy, "voy_search.d.ts"), "utf8");
    return text.replace(/export interface Neighbor \{/, `${enumeration}\nexport interface Neighbor {\n  mode: E;`);
  };

  it.each([
    ["export enum E { A = 'a', B = 'b' }", 'type E = "a" | "b";'],
    ["export enum E { A = 1 << 2, B = 'x'.length }", "type E = unknown;"],
    ["export enum E { A = 1.5 }", "type E = unknown;"],
    ["export enum E { A = 'a', B = 2 }", "type E = unknown;"],
  ])("may have %s", async (enumeration, expected) => {
    const { text, code } = await typesWith(withEnumeration(enumeration));
    expect(text).toContain(expected);
    expect(code).toBe(0);
  });

  it("may be about other modules and the whole program, which is not taken over", async () => {
    const { text, code } = await typesWith(
      "declare module '*.css';\ndeclare global { interface Array<T> { evil(): void } }",
    );
    expect(text).not.toContain("evil");
    expect(code).toBe(0);
  });

  it("may state a function by a constant, and several signatures, which are named", async () => {
    const text = readFileSync(join(voy, "voy_search.d.ts"), "utf8");
    const [line = ""] = /^export function search\(.*$/m.exec(text) ?? [];
    const constant = line.replace(
      /^export function search(\(.*\)): (.*);$/,
      "export const search: (this: Window, $1) => $2;",
    );
    const asConstant = await typesWith(
      text.replace(line, constant.replace("(this: Window, (", "(this: Window, ").replace(")) =>", ") =>")),
    );
    const plain = await typesWith(text);
    const withoutHeader = ({ text: file }: { readonly text: string }) => file.slice(file.indexOf("*/"));
    expect(withoutHeader(asConstant)).toBe(withoutHeader(plain));
    const overloaded = await typesWith(text.replace(line, `${line}\nexport function search(index: string): string;`));
    expect(overloaded.text).toContain("search: it has 2 signatures there, and one of them here");
  });
});

describe("unglue run", () => {
  it("gives arrays of the declared numbers, and lists functions alone", async () => {
    const folder = packageFolder();
    const declaration = join(folder, "lz4.mjs");
    await declared(folder, { output: declaration });
    const output = terminal();
    const module = join(folder, "lz4_wasm_bg.wasm");
    const code = await runCommand(module, "compress", ["[1, 2, 3]"], { api: declaration, json: true }, output);
    expect(output.remarked()).toBe("");
    expect(code).toBe(0);
    const listed = terminal();
    expect(await runCommand(prqlc, undefined, [], { api: await prqlcFile() }, listed)).toBe(0);
    expect(listed.written()).toContain("compile");
    expect(listed.written()).not.toContain("CompileOptions");
    expect(JSON.parse(output.written())).toEqual([3, 0, 0, 0, 48, 1, 2, 3]);
  });

  it.each([
    ["throws.mjs", "throw new Error('boom')", "which --api names, cannot be imported: boom"],
    ["syntax.mjs", "export const = 1", "cannot be imported"],
    ["other.cjs", "module.exports = { api: {} }", "exports neither a declaration file nor an interface"],
    [".", "", "There is no file"],
  ])("takes %s as a mistake of the user", async (name, text, message) => {
    const folder = temporaryFolder();
    if (name !== ".") writeFileSync(join(folder, name), text);
    const failure = await runCommand(
      "examples/hello/hello.wasm",
      "greet",
      [],
      { api: join(folder, name) },
      terminal(),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandError);
    expect((failure as Error).message).toContain(message);
  });

  it("prints numbers that JSON does not have as texts", () => {
    expect(JSON.parse(toJson([NaN, Infinity, -Infinity, -0, 0, 5n]))).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
      "-0",
      0,
      "5",
    ]);
  });
});

describe("a declaration file that was changed by hand", () => {
  it.each([
    [{ holes: ["nope"] }, "functions that the module imports"],
    [{ version: "x" }, "a version of wasm-bindgen"],
    [{ version: "" }, "a version of wasm-bindgen"],
  ])("is refused with %j", async (known, message) => {
    await expect(
      load(lz4, { known: { toolchain: "wasm-bindgen", ...known }, adapters: [wasmBindgen()] }),
    ).rejects.toThrow(message);
  });

  it("gets each option that a call takes named once", async () => {
    const error = await load(lz4, { nothing_like_it: 1 } as object).then(
      () => "",
      (thrown: unknown) => (thrown as Error).message,
    );
    const names = /It takes (.*)\./.exec(error)?.[1]?.split(", ") ?? [];
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });
});
