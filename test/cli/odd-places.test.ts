import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { commandOf, declareCommand } from "../../src/cli/declare.ts";
import { usageLines } from "../../src/cli/declare/usage.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { readDts } from "../../src/cli/declare/dts.ts";
import { readInput } from "../../src/cli/input.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const hello = "examples/hello/hello.wasm";

describe("a search for modules and texts", () => {
  it("passes over pipes, links that lead nowhere, and links in a circle", async () => {
    const folder = temporaryFolder();
    copyFileSync(hello, join(folder, "app.wasm"));
    execFileSync("mkfifo", [join(folder, "pipe.wasm"), join(folder, "pipe.js")]);
    symlinkSync("gone.js", join(folder, "lost.js"));
    symlinkSync("circle.js", join(folder, "circle.js"));
    const { module, glue } = await findInputs(folder, {});
    expect([module.path, glue]).toEqual([join(folder, "app.wasm"), undefined]);
  });

  it("takes a file's URL, and refuses other schemes and an empty name by name", async () => {
    const path = join(temporaryFolder(), "a b.wasm");
    copyFileSync(hello, path);
    expect((await readInput(pathToFileURL(path).href)).path).toBe(path);
    await expect(readInput("ftp://example.com/a.wasm")).rejects.toThrow(/URLs that begin with ftp: cannot be read/);
    await expect(readInput("data:application/wasm;base64,AGFzbQ==")).rejects.toThrow(/begin with data: cannot be read/);
    await expect(readInput("")).rejects.toThrow("Name a file, an installed package, or a URL.");
  });

  it.each(["dts", "glue"] as const)("refuses a folder for --%s", async (option) => {
    await expect(findInputs(hello, { [option]: "examples" })).rejects.toThrow(
      "examples is a folder. Name a file in it.",
    );
    await expect(findInputs(hello, { [option]: "" })).rejects.toThrow('There is no file ""');
  });
});

describe("lines to copy", () => {
  it("obey nothing in a name", () => {
    const command = commandOf("./$(touch x)/`id`'s.wasm", { output: "new\nline.js" });
    expect(command).toBe("npx unglue declare './$(touch x)/`id`'\\''s.wasm' -o $'new\\nline.js'");
    expect(commandOf("@of/app/x_bg.wasm", { output: "./x.js" })).toBe("npx unglue declare @of/app/x_bg.wasm -o ./x.js");
  });

  it("import a path as a part of a URL", async () => {
    const inputs = await findInputs(hello, {});
    for (const name of ["ha#sh", "q?m", "pc%20t", "back\\slash"]) {
      const folder = temporaryFolder();
      mkdirSync(join(folder, name));
      const path = join(folder, name, "app.mjs");
      writeFileSync(path, "export default 1;\n");
      const [, specifier = ""] =
        /from ("\.*.*app\.mjs");/.exec(usageLines(inputs, path, { given: [], width: 80 }).join("\n")) ?? [];
      const base = pathToFileURL(join(process.cwd(), "x.js"));
      expect(fileURLToPath(new URL(JSON.parse(specifier) as string, base))).toBe(path);
    }
  });

  it("load the bytes that a script contains", async () => {
    const path = join(temporaryFolder(), "app.js");
    writeFileSync(path, `export const wasm = "${readFileSync(hello, "base64")}";`);
    const lines = usageLines(await findInputs(path, {}), "app.mjs", { given: [], width: 80 }).join("\n");
    expect(lines).toContain('app.js" contains');
    expect(lines).toContain("await load(bytes, ");
  });

  it("say that Node takes the file for CommonJS", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }');
    const text = async (name: string) => {
      const output = terminal();
      await declareCommand(hello, { output: join(folder, name) }, "1", output);
      return output.written().replaceAll(/\s+/g, " ");
    };
    expect(await text("app.js")).toContain("Name the file .mjs with --output.");
    expect(await text("app.mjs")).not.toContain("CommonJS");
  });
});

describe("a .d.ts", () => {
  it("may declare other modules and add to all programs", () => {
    const own = "export function f(): number;";
    const other = "declare module '*.css';\ndeclare global { interface Array<T> { evil(): void } }";
    const { functions, types } = readDts(`${other}\n${own}`, "app.d.ts");
    expect([functions.map(({ name }) => name), types]).toEqual([["f"], []]);
  });
});

describe("--check of a .mjs file", () => {
  it("reads its .d.mts as types", async () => {
    const path = join(temporaryFolder(), "app.mjs");
    await declareCommand(hello, { output: path }, "1", terminal());
    const types = path.replace(".mjs", ".d.mts");
    writeFileSync(types, readFileSync(types, "utf8").replace("greet(", "mine("));
    const output = terminal();
    expect(await declareCommand(hello, { output: path, check: true }, "1", output)).toBe(1);
    expect(output.written()).toContain("app.d.mts: Api.greet is missing");
  });
});
