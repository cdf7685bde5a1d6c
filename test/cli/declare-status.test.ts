import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { commandOf, declareCommand, type DeclareOptions } from "../../src/cli/declare.ts";
import { load } from "../../src/node.ts";
import { wat } from "../wat.ts";
import { add, glue, madeBy, packageOf, throwing } from "./small-package.ts";
import { terminal } from "./terminal.ts";

const odd = `(import "wbg" "__wbg_odd_0123456789abcdef" (func (param i32)))`;
const strange = `(import "wbg" "__wbg_strange_0123456789abcdef" (func (param i32)))`;

const made = (imports: string) => madeBy(92, imports);

async function declare(folder: string, options: DeclareOptions = {}, module = "app_bg.wasm") {
  const output = terminal();
  const path = join(folder, "declared.mjs");
  const code = await declareCommand(join(folder, module), { output: path, ...options }, "1", output);
  const written = output.written();
  if (options.json !== true)
    expect(written.split("\n").filter((line) => line.length > 80 && /\S \S/.test(line.trim()))).toEqual([]);
  return { code, path, text: written, flat: written.replaceAll(/\s+/g, " ").trim() };
}

const [oddName, strangeName] = ["__wbg_odd_0123456789abcdef", "__wbg_strange_0123456789abcdef"];
const holed = async () => packageOf({ "app_bg.wasm": await made(`${throwing} ${odd} ${strange}`), "app.js": glue });

describe("the exit code of a file that was written", () => {
  it("is explained in the last line of the summary if it is 1", async () => {
    const { code, path, flat } = await declare(await holed());
    expect(code).toBe(1);
    expect(existsSync(path)).toBe(true);
    expect(flat).toMatch(
      /The files are written\. The exit code is 1 because 2 members are left out; --accept <member> accepts one that is left out\.$/,
    );
  });

  it("names guesses as its reason, too", async () => {
    const { code, flat } = await declare(packageOf({ "app_bg.wasm": await made(throwing) }));
    expect(code).toBe(1);
    expect(flat).toMatch(/The files are written\. The exit code is 1 because 1 member is guessed\.$/);
  });

  it("is not mentioned if it is 0", async () => {
    const { code, flat } = await declare(packageOf({ "app_bg.wasm": await made(throwing), "app.js": glue }));
    expect([code, flat.includes("exit code")]).toEqual([0, false]);
  });
});

describe("--accept", () => {
  it("leaves the others as the reason", async () => {
    const { code, flat } = await declare(await holed(), { accept: [oddName] });
    expect(code).toBe(1);
    expect(flat).toContain(`accepted 1: ${oddName}`);
    expect(flat).toMatch(
      /The exit code is 1 because 1 member is left out; --accept <member> accepts one that is left out\.$/,
    );
  });

  it.each([[[oddName, strangeName]], [["*"]], [["*", oddName]]])(
    "ends with 0 if nothing else is left out: %j",
    async (accept) => {
      const folder = await holed();
      const { code, path, flat } = await declare(folder, { accept });
      expect(code).toBe(0);
      expect(flat).toContain(`left out 2`);
      expect(flat).toContain(`accepted 2: ${oddName}, ${strangeName}`);
      expect(flat).not.toContain("exit code");
      expect(readFileSync(path, "utf8")).toContain(` --accept ${accept[0] === "*" ? "'*'" : oddName}`);
      expect((await declare(folder, { accept, check: true })).code).toBe(0);
      const { text: json } = await declare(folder, { accept, json: true });
      expect(JSON.parse(json)).toMatchObject({ accepted: [oddName, strangeName], holes: [{}, {}] });
    },
  );

  it("accepts no guess", async () => {
    const { code } = await declare(packageOf({ "app_bg.wasm": await made(throwing) }), { accept: ["*"] });
    expect(code).toBe(1);
  });

  it("names a member that is left out, else nothing is written, and the error lists them", async () => {
    const folder = await holed();
    for (const check of [false, true]) {
      const declaring = declare(folder, { accept: [oddName, "od\nd"], check });
      await expect(declaring).rejects.toBeInstanceOf(CommandError);
      await expect(declaring).rejects.toThrow(
        `--accept names "od\\nd", which is not left out. Left out: ${oddName}, ${strangeName}.`,
      );
    }
    expect(existsSync(join(folder, "declared.mjs"))).toBe(false);
    const whole = packageOf({ "app_bg.wasm": await made(throwing), "app.js": glue });
    await expect(declare(whole, { accept: ["gone"] })).rejects.toThrow(
      "--accept names gone, which is not left out. Nothing is left out.",
    );
    expect((await declare(whole, { accept: ["*"] })).code).toBe(0);
  });

  it("stands in the command of the file, with names that a shell reads as they are", () => {
    expect(commandOf("app", { accept: ["A.b", "*", "-x"] })).toBe(
      "npx unglue declare app --accept A.b --accept '*' --accept=-x",
    );
  });
});

describe("a module that load refuses", () => {
  const shared = `(import "wbg" "memory" (memory 1 2 shared)) ${throwing}`;

  it.each([
    ["with its JavaScript", { "app.js": glue }],
    ["alone", {}],
  ])("is said to be one, with the reason: %s", async (_, files) => {
    const bytes = await made(shared);
    await expect(load(bytes)).rejects.toMatchObject({ code: "unsupported-module" });
    const folder = packageOf({ "app_bg.wasm": bytes, ...files });
    const { code, flat } = await declare(folder);
    expect(code).toBe(1);
    expect(flat).not.toContain("Now load it");
    expect(flat).not.toContain("await load(");
    expect(flat).toContain(
      "load refuses this module: This wasm-bindgen module was built for threads: it imports a shared memory",
    );
    const { text: json } = await declare(folder, { json: true });
    expect(JSON.parse(json)).toMatchObject({ refused: expect.stringContaining("built for threads") as string });
  });

  it("ends with 1 even if what is left out is accepted", async () => {
    const folder = packageOf({ "app_bg.wasm": await made(shared), "app.js": glue });
    const { code, flat } = await declare(folder, { accept: ["*"] });
    expect(code).toBe(1);
    expect(flat).toMatch(/The files are written\. The exit code is 1 because load refuses the module/);
    expect(flat).not.toMatch(/ left out\b[^.]*\.$/);
  });
});

describe("the lines that load a module which needs a global", () => {
  const globals = `(import "env" "base" (global i32)) (import "my-env" "class" (global (mut f64)))
    (import "env" "f" (func (param i32)))`;

  it("pass it, under a name for you to fill in", async () => {
    const folder = packageOf({ "app.wasm": await wat(`(module ${globals} (memory (export "memory") 1) ${add})`) });
    const { text: written } = await declare(folder, {}, "app.wasm");
    const [, lines = ""] = written.split("Give what the comments name first, and load it:\n\n");
    expect(lines).toContain(`  // base: you supply env.base, (global i32)\n`);
    expect(lines).toContain(`  // value2: you supply my-env.class, (global (mut f64))\n`);
    expect(lines.replaceAll(/\s+/g, " ").replaceAll(", }", " }")).toContain(
      `imports: { env: { base }, "my-env": { class: value2 } }`,
    );
  });

  it("keep the functions of the package", async () => {
    const imports = `${throwing} (import "wbg" "base" (global i32))
      (import "wbg" "__wbg_own_0123456789abcdef" (func (param i32)))`;
    const files = {
      "app.js": `import { own } from "./own.js";\n${glue.replace("{ wbg: {", "{ wbg: { __wbg_own_0123456789abcdef: (arg0) => { own(arg0); },")}`,
      "own.js": "export function own() {}",
    };
    const { flat } = await declare(packageOf({ "app_bg.wasm": await made(imports), ...files }));
    expect(flat.replaceAll(", }", " }")).toContain("imports: { ...imports, wbg: { ...imports.wbg, base } }");
  });
});
