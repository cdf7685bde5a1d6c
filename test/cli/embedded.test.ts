import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { declareCommand } from "../../src/cli/declare.ts";
import { findEmbedded, withoutModules } from "../../src/cli/embedded.ts";
import { readInput } from "../../src/cli/input.ts";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { runCommand } from "../../src/cli/run.ts";
import { shapeCommand } from "../../src/cli/shape.ts";
import { typesCommand } from "../../src/cli/types.ts";
import { load, type DeclarationFile } from "../../src/node.ts";
import { serve } from "../servers/serve.mjs";
import { temporaryFolder, terminal } from "./terminal.ts";

const hello = readFileSync("examples/hello/hello.wasm");
const counter = readFileSync("examples/c/counter.wasm");
/** A module that a script compiles to find out whether the engine has SIMD. */
const probe = Buffer.from("AGFzbQEAAAABBQFgAAF7AwIBAAoKAQgAQQD9DwsAAw==", "base64");
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const digits = hello.toString("base64");
const others = counter.toString("base64");

/** Parts of a text, of odd lengths. */
function partsOf(text: string, length = 37): string[] {
  return text.match(new RegExp(`.{1,${length}}`, "g")) ?? [];
}

/** A folder with files by their names. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("a module that is written in parts, or as numbers", () => {
  const forms: readonly (readonly [string, string])[] = [
    [
      "strings that are added",
      `x = ${partsOf(digits)
        .map((one) => `"${one}"`)
        .join(" +\n  ")};`,
    ],
    [
      "strings of other quotes, the first of four digits",
      `x = "${digits.slice(0, 4)}"+'${digits.slice(4, 50)}'+\`${digits.slice(50)}\``,
    ],
    ["a concatenation", `x = "${digits.slice(0, 30)}".concat("${digits.slice(30, 60)}", '${digits.slice(60)}')`],
    [
      "an array that is joined",
      `x = [${partsOf(digits)
        .map((one) => `'${one}'`)
        .join(",")}].join("")`,
    ],
    [
      "an array on lines that is joined",
      `x = [\n${partsOf(digits)
        .map((one) => `  "${one}",\n`)
        .join("")}].join('')`,
    ],
    ["Buffer.from", `Buffer.from("${digits}", "base64")`],
    ["text with escaped slashes", `x("${digits.replaceAll("/", "\\/")}")`],
    ["a typed array of decimal numbers", `new Uint8Array([${[...hello].join(",")}])`],
    [
      "a typed array of hexadecimal numbers",
      `new Uint8Array([\n${[...hello].map((one) => `0x${one.toString(16).padStart(2, "0")}, `).join("")}\n])`,
    ],
    ["Uint8Array.of", `Uint8Array.of(${[...hello].join(", ")})`],
  ];

  it.each(forms)("is found in %s", (_, text) => {
    expect(findEmbedded(text).map(digest)).toEqual([digest(hello)]);
    expect(findEmbedded(`a("${others}");${text};b("${others}")`).map(digest)).toEqual([counter, hello].map(digest));
  });

  it.each(forms)("leaves a script that can be parsed: %s", (_, text) => {
    const { text: left, cuts } = withoutModules(`before(); ${text}; after()`);
    expect(left.length + cuts.reduce((sum, { length }) => sum + length, 0)).toBe(`before(); ${text}; after()`.length);
    expect(() => new Script(left)).not.toThrow();
    expect(left.length).toBeLessThan(text.length / 2);
  });

  it("is not made of strings that are no parts of one", () => {
    expect(findEmbedded(`x("${digits}", "${others}")`).map(digest)).toEqual([hello, counter].map(digest));
    expect(findEmbedded(`x(["${digits}", "AAAA"])`).map(digest)).toEqual([digest(hello)]);
    expect(findEmbedded(`x("AGFz", "${digits.slice(4)}")`)).toEqual([]);
    expect(findEmbedded("new Uint8Array([0,97,115,109,1,0,0,0,256])")).toEqual([]);
    expect(findEmbedded("new Uint8Array([0,97,115,109,1,0,0,0,-1])")).toEqual([]);
    expect(findEmbedded("new Uint8Array([0,97,115,109,1,0,0,0,f()])")).toEqual([]);
  });

  it.each([
    ["strings", '"AGFzbQEAAAAA",'.repeat(30_000)],
    ["sums", '"AGFz" + '.repeat(200_000)],
    ["quotes", 'A"'.repeat(1_000_000)],
    ["blanks", `"AGFz"${" ".repeat(2_000_000)}`],
    ["arrays", "[0,97,115,109,1,0,0,0,".repeat(100_000)],
  ])("costs time that grows with the text: %s", (_, text) => {
    // Quadratic work on such texts takes longer than a test may.
    expect(findEmbedded(text).length).toBeLessThan(2);
    expect(withoutModules(text).text.length).toBeLessThanOrEqual(text.length);
  });
});

describe("a script with several modules", () => {
  const two = `a("${digits}"); b("${others}")`;

  it("lists them, and takes one by its number", async () => {
    const folder = folderOf({ "two.js": two });
    await expect(readInput("two.js", folder)).rejects.toThrow(
      /two\.js has 2 different modules in it\. Name one:\n {2}two\.js#1, \d+ bytes\n {2}two\.js#2, [\d.]+ k?B/,
    );
    const second = await readInput("two.js#2", folder);
    expect([digest(second.bytes), second.name, second.embedded]).toEqual([digest(counter), "two.js#2", 2]);
    expect(digest((await readInput(`${pathToFileURL(join(folder, "two.js")).href}#1`)).bytes)).toBe(digest(hello));
    await expect(readInput("two.js#3", folder)).rejects.toThrow("two.js has 2 modules in it: there is no #3.");
    await expect(readInput("two.js#0", folder)).rejects.toThrow("there is no #0");
  });

  it("is taken as a module alone if the others export nothing, as those that test the engine", async () => {
    const folder = folderOf({
      "app.js": `WebAssembly.validate(new Uint8Array([${[...probe].join(",")}])); a("${digits}")`,
    });
    const input = await readInput("app.js", folder);
    expect([digest(input.bytes), input.name]).toEqual([digest(hello), "app.js#2"]);
    expect(digest((await readInput("app.js#1", folder)).bytes)).toBe(digest(probe));
  });

  it("is a file of that name, if there is one", async () => {
    const folder = folderOf({ "two.js": two, "two.js#2": "" });
    writeFileSync(join(folder, "two.js#2"), hello);
    expect(digest((await readInput("two.js#2", folder)).bytes)).toBe(digest(hello));
  });

  it("is served by a URL, too", async () => {
    const server = await serve(() => Promise.resolve(["text/javascript", two]));
    try {
      expect(digest((await readInput(`${server.url}two.js#2`)).bytes)).toBe(digest(counter));
      await expect(readInput(`${server.url}two.js`)).rejects.toThrow("has 2 different modules in it");
    } finally {
      server.close();
    }
  });

  it("is taken by each command", async () => {
    const path = `${join(folderOf({ "two.js": two }), "two.js")}#2`;
    const commands = {
      inspect: (output: ReturnType<typeof terminal>) => inspectCommand(path, {}, output),
      types: (output: ReturnType<typeof terminal>) => typesCommand(path, {}, output),
      shape: (output: ReturnType<typeof terminal>) => shapeCommand(path, {}, output),
      run: (output: ReturnType<typeof terminal>) => runCommand(path, undefined, [], {}, output),
    };
    for (const [name, command] of Object.entries(commands)) {
      const output = terminal();
      expect([name, await command(output)]).toEqual([name, 0]);
      expect([name, output.written()]).toEqual([name, expect.stringContaining("counter_")]);
    }
  });

  it("says of a number that is given for something else how it is meant", async () => {
    const folder = folderOf({ "a.txt": "" });
    writeFileSync(join(folder, "a.wasm"), hello);
    await expect(readInput("a.wasm#2", folder)).rejects.toThrow(
      "a.wasm is no script: #2 selects a module of a script.",
    );
  });
});

describe("a script whose module cannot be read", () => {
  it.each([
    ["gzip", gzipSync(hello)],
    ["zlib", deflateSync(hello)],
    ["zlib", deflateSync(hello, { level: 1 })],
    ["zlib", deflateSync(hello, { level: 9 })],
  ] as const)("is told from one without a module if it is compressed: %s", async (name, packed) => {
    const folder = folderOf({ "app.js": `inflate("${packed.toString("base64")}")` });
    await expect(readInput("app.js", folder)).rejects.toThrow(
      `app.js has a module in it that is compressed with ${name}. Decompress it into a .wasm file, and name that.`,
    );
  });

  it("is no module if anything else is compressed", async () => {
    const packed = gzipSync(readFileSync("README.md")).toString("base64");
    await expect(readInput("app.js", folderOf({ "app.js": `x("${packed}")` }))).rejects.toThrow(
      "app.js has no WebAssembly module in it, as Base64 or as an array of bytes.",
    );
  });

  it("is refused above a size, and is no module then", async () => {
    const folder = folderOf({ "app.js": `x("${digits}")${" ".repeat(1000)}` });
    await expect(readInput("app.js", folder, { script: 1000 })).rejects.toThrow(
      /app\.js has [\d.]+ kB\. Scripts of more than 1\.0 kB are not searched/,
    );
  });
});

describe("a package whose modules are all in scripts", () => {
  const packageJson = '{ "name": "pkg", "version": "1.0.0" }';

  it("gives its only module, which several builds may contain", async () => {
    const folder = folderOf({
      "node_modules/pkg/package.json": packageJson,
      "node_modules/pkg/dist/index.cjs": `x("${digits}")`,
      "node_modules/pkg/dist/index.mjs": `y("${digits}")`,
      "node_modules/pkg/dist/index.d.ts": `/** "${others}" */`,
    });
    const input = await readInput("pkg", folder);
    expect([digest(input.bytes), input.name, input.package?.name]).toEqual([
      digest(hello),
      "pkg/dist/index.cjs",
      "pkg",
    ]);
  });

  it("lists several", async () => {
    const folder = folderOf({
      "node_modules/pkg/package.json": packageJson,
      "node_modules/pkg/a.js": `x("${digits}", "${others}")`,
      "node_modules/pkg/b.js": `x("${digits}")`,
    });
    await expect(readInput("pkg", folder)).rejects.toThrow(
      /pkg has no \.wasm file, and 2 different modules in its scripts\. Name one:\n {2}pkg\/a\.js#1, .*\n {2}pkg\/a\.js#2, /,
    );
    expect(digest((await readInput("pkg/a.js#2", folder)).bytes)).toBe(digest(counter));
    await expect(readInput("pkg#2", folder)).rejects.toThrow("pkg is no script: #2 selects a module of a script.");
  });

  it("is refused if there is none, with the compressed ones named", async () => {
    const files = { "node_modules/pkg/package.json": packageJson, "node_modules/pkg/a.js": "export {};" };
    await expect(readInput("pkg", folderOf(files))).rejects.toThrow(
      "pkg has no .wasm file, and no module in its scripts.",
    );
    const packed = { ...files, "node_modules/pkg/a.js": `x("${gzipSync(hello).toString("base64")}")` };
    await expect(readInput("pkg", folderOf(packed))).rejects.toThrow(
      "pkg/a.js has a module in it that is compressed with gzip",
    );
  });
});

describe("unglue declare of a module in a script", () => {
  const two = `a("${digits}"); b("${others}")`;
  async function declared(argument: string, options: Parameters<typeof declareCommand>[1]) {
    const output = terminal();
    const code = await declareCommand(argument, options, "1.0.0", output);
    return { code, out: output.written() };
  }

  it("writes its bytes beside the files, and the lines that load them", async () => {
    const folder = folderOf({ "two.js": two });
    const path = join(folder, "hi.mjs");
    const { out } = await declared(`${join(folder, "two.js")}#1`, { output: path });
    expect(digest(readFileSync(join(folder, "hi.wasm")))).toBe(digest(hello));
    expect(out).toMatch(/await load\(\s*"[^"]*\/hi\.wasm",/);
    expect(out).toMatch(/hi\.mjs, hi\.d\.mts and hi\.wasm/);
    const { default: file } = (await import(pathToFileURL(path).href)) as { readonly default: DeclarationFile };
    expect((await load(join(folder, "hi.wasm"), file)).api).toHaveProperty("greet");
    const again = await declared(`${join(folder, "two.js")}#1`, { output: path, check: true });
    expect(again.code).toBe(0);
    writeFileSync(join(folder, "hi.wasm"), counter);
    const changed = await declared(`${join(folder, "two.js")}#1`, { output: path, check: true });
    expect([changed.code, changed.out]).toEqual([1, expect.stringContaining("hi.wasm is not the module")]);
    // The command has written it, so it may write another.
    await declared(`${join(folder, "two.js")}#2`, { output: path });
    expect(digest(readFileSync(join(folder, "hi.wasm")))).toBe(digest(counter));
    const json = await declared(`${join(folder, "two.js")}#1`, { output: path, json: true });
    expect((JSON.parse(json.out) as { files: string[] }).files).toEqual([
      path,
      join(folder, "hi.d.mts"),
      join(folder, "hi.wasm"),
    ]);
  });

  it("writes over no module that it has not written, and then nothing else", async () => {
    const folder = folderOf({ "two.js": two });
    writeFileSync(join(folder, "hi.wasm"), counter);
    const path = join(folder, "hi.mjs");
    await expect(declared(`${join(folder, "two.js")}#1`, { output: path })).rejects.toThrow("hi.wasm exists");
    expect(readdirSync(folder).sort()).toEqual(["hi.wasm", "two.js"]);
    await declared(join(folder, "hi.wasm"), { output: path });
    await expect(declared(`${join(folder, "two.js")}#1`, { output: path })).rejects.toThrow("hi.wasm exists");
    expect(digest(readFileSync(join(folder, "hi.wasm")))).toBe(digest(counter));
  });

  it("writes no module without --output, and says how it would", async () => {
    const folder = folderOf({ "unglue-embedded-test.js": `a("${digits}")` });
    const before = process.cwd();
    process.chdir(folder);
    try {
      writeFileSync("app.js", `a("${digits}")`);
      await expect(declared("app.js", {})).rejects.toThrow(/app\.js exists and is no declaration file/);
      mkdirSync("lib");
      writeFileSync("lib/lib.js", `a("${digits}")`);
      const { out } = await declared("lib/lib.js", {});
      expect(existsSync("lib.wasm")).toBe(false);
      expect(out.replaceAll(/\s+/g, " ")).toContain("-o lib.js also writes lib.wasm");
    } finally {
      process.chdir(before);
    }
  });
});
