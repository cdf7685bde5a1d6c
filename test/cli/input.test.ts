import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { findEmbedded } from "../../src/cli/embedded.ts";
import { readInput } from "../../src/cli/input.ts";
import { errorJson } from "../../src/cli/output.ts";
import { moduleBytes } from "../packages/index.mjs";
import { serve } from "../servers/serve.mjs";
import { temporaryFolder } from "./terminal.ts";

const require = createRequire(import.meta.url);
const hello = readFileSync("examples/hello/hello.wasm");
const counter = readFileSync("examples/c/counter.wasm");
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("modules in Base64", () => {
  const digits = hello.toString("base64");

  it.each([
    ["a string", `const wasm = "${digits}";`],
    ["a data URL", `fetch('data:application/wasm;base64,${digits}')`],
    ["a template of many lines", `const wasm = \`${digits.replaceAll(/.{64}/g, "$&\n")}\`;`],
    ["a string cut by escapes", `x("${digits.replaceAll(/.{40}/g, "$&\\n")}")`],
    ["a string continued on lines", `x("${digits.replaceAll(/.{40}/g, "$&\\\n")}")`],
    ["the alphabet of URLs", digits.replaceAll("+", "-").replaceAll("/", "_")],
    ["two copies", `a("${digits}"); b("${digits}")`],
  ])("are found in %s", (_, text) => {
    expect(findEmbedded(text).map(digest)).toEqual([digest(hello)]);
  });

  it("are told apart, and nothing else is one", () => {
    const both = `a("${digits}"); b("${counter.toString("base64")}")`;
    expect(findEmbedded(both).map(digest)).toEqual([hello, counter].map(digest));
    expect(findEmbedded('const x = "AGFzbQ"; const y = "AGFzbQEAAA";')).toEqual([]);
  });

  it("are found in time that grows with the text", () => {
    const text = "AGFzbQEAAA ".repeat(200_000);
    expect(findEmbedded(text)).toEqual([]);
  });
});

describe("the module that an argument names", () => {
  it("is a file", async () => {
    const input = await readInput("hello.wasm", "examples/hello");
    expect(digest(input.bytes)).toBe(digest(hello));
    expect(input.name).toBe("hello.wasm");
  });

  it("is embedded in a script", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "app.js"), `export default "${hello.toString("base64")}"`);
    expect(digest((await readInput("app.js", folder)).bytes)).toBe(digest(hello));
    writeFileSync(join(folder, "none.js"), "export default 5");
    await expect(readInput("none.js", folder)).rejects.toThrow("has no WebAssembly module in it");
    const two = `x("${hello.toString("base64")}", "${counter.toString("base64")}")`;
    writeFileSync(join(folder, "two.js"), two);
    await expect(readInput("two.js", folder)).rejects.toThrow("has 2 different modules in it");
  });

  it("is the only one of an installed package, whatever its exports say", async () => {
    const input = await readInput("@resvg/resvg-wasm");
    expect(digest(input.bytes)).toBe(digest(readFileSync(require.resolve("@resvg/resvg-wasm/index_bg.wasm"))));
    expect(input.package).toMatchObject({ name: "@resvg/resvg-wasm", license: "MPL-2.0" });
    expect(input.package?.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("is a file of a package, through a link as pnpm makes them", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "store/pkg"), { recursive: true });
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "store/pkg/package.json"), '{ "name": "pkg", "exports": "./none.js" }');
    writeFileSync(join(folder, "store/pkg/a.wasm"), hello);
    writeFileSync(join(folder, "store/pkg/b.wasm"), counter);
    symlinkSync(join(folder, "store/pkg"), join(folder, "node_modules/pkg"));
    expect(digest((await readInput("pkg/b.wasm", folder)).bytes)).toBe(digest(counter));
    await expect(readInput("pkg", folder)).rejects.toThrow(
      "has 2 different modules. Name one:\n  pkg/a.wasm\n  pkg/b.wasm",
    );
    await expect(readInput("pkg/c.wasm", folder)).rejects.toThrow("The package pkg has no file c.wasm.\n  pkg/a.wasm");
  });

  it("is one of wasm-bindgen's before others in the list, which JSON has as a whole", async () => {
    const folder = temporaryFolder();
    const names = Array.from({ length: 9 }, (_, at) => `a${at}.wasm`);
    for (const [at, name] of names.entries()) {
      writeFileSync(join(folder, name), Uint8Array.of(...hello, 0, 2, 1, 65 + at));
    }
    writeFileSync(join(folder, "damaged.wasm"), "no module");
    writeFileSync(join(folder, "z.wasm"), await moduleBytes("prqlc"));
    const error = await readInput(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect((error as CommandError).message).toMatch(
      /has 11 different modules\. Name one:\n {2}\S+z\.wasm\n {2}\S+a0\.wasm\n[^]* and 3 more$/,
    );
    const { details } = (JSON.parse(errorJson(error)) as { readonly error: { readonly details: unknown } }).error;
    const all = ["z.wasm", ...names, "damaged.wasm"].map((name) => `${folder}/${name}`);
    expect(details).toEqual({ modules: all });
  });

  it("is fetched for a URL, and only for one", async () => {
    const server = await serve(({ pathname }: { pathname: string }) => {
      if (pathname !== "/a.wasm") throw new Error("not here");
      return Promise.resolve(["application/wasm", hello]);
    });
    try {
      expect(digest((await readInput(`${server.url}a.wasm`)).bytes)).toBe(digest(hello));
    } finally {
      server.close();
    }
  });

  it.each(["nowhere.wasm", "@nobody/nothing", "../../..//x", "", "no\u001b[31mpe"])(
    "is refused as a mistake of the user if nothing is there: %j",
    async (argument) => {
      const folder = temporaryFolder();
      const failure = await readInput(argument, folder).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommandError);
      expect((failure as Error).message).not.toContain("\u001b");
    },
  );
});
