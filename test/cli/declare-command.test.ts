import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { commandOf, declareCommand } from "../../src/cli/declare.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { load, type DeclarationFile } from "../../src/node.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const packageFolder = "node_modules/prqlc/dist/node";
const prqlc = `${packageFolder}/prqlc_js_bg.wasm`;

interface Report {
  readonly members: number;
  readonly imports: number;
  readonly known: number;
  readonly guesses: readonly { readonly member: string; readonly reason: string }[];
}

async function read(path: string): Promise<DeclarationFile<unknown>> {
  const module = (await import(pathToFileURL(path).href)) as { readonly default: DeclarationFile<unknown> };
  return module.default;
}

describe("the command in a file's first comment", () => {
  it("has no password of an address", () => {
    const command = commandOf("https://me:secret@example.com/app.wasm", {
      dts: "https://me:secret@example.com/app.d.ts",
    });
    expect(command).toContain("example.com/app.wasm");
    expect(command).toContain("example.com/app.d.ts");
    expect(command).not.toContain("secret");
  });
});

describe("unglue declare", () => {
  it("writes a file that loads the module, and says so in 80 columns", async () => {
    const [output, path] = [terminal(), join(temporaryFolder(), "prqlc.mjs")];
    expect(await declareCommand(prqlc, { output: path }, "1.0.0", output)).toBe(0);
    expect(output.written()).toContain("6 of 6 known");
    const declaration = await read(path);
    const wasm = await load(prqlc, declaration as DeclarationFile);
    const { compile } = wasm.api as unknown as { readonly compile: (query: string) => string };
    expect(compile("from employees")).toContain("employees");
    const [header] = readFileSync(path, "utf8").split("*/");
    expect(header).toContain("prqlc 0.13.14, Apache-2.0");
    expect(readFileSync(path.replace(".mjs", ".d.mts"), "utf8")).toContain("export interface CompileOptions");
  });

  it("finds with check where a file has come apart from the module", async () => {
    const path = join(temporaryFolder(), "prqlc.js");
    const check = async (version: string) => {
      const output = terminal();
      const code = await declareCommand(prqlc, { output: path, check: true }, version, output);
      return { code, text: output.written() };
    };
    expect((await check("1.0.0")).text).toContain("prqlc.js does not exist");
    await declareCommand(prqlc, { output: path }, "1.0.0", terminal());
    expect(await check("2.0.0")).toMatchObject({ code: 0 });
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace("pl_to_prql:", "pl_to_sql:").replace('format: { member: "field"', 'format: { member: "getter"'),
    );
    const { code, text: found } = await check("1.0.0");
    expect(code).toBe(1);
    expect(found).toContain("pl_to_prql is missing");
    expect(found).toContain("pl_to_sql would not be there");
    expect(found.replaceAll(/\s+/g, " ")).toContain('CompileOptions.format is {"member":"getter"');
    writeFileSync(path, text);
    const types = path.replace(".js", ".d.ts");
    writeFileSync(types, readFileSync(types, "utf8").replace("format: boolean", "format: string"));
    expect((await check("1.0.0")).text.replaceAll(/\s+/g, " ")).toContain("would be `format: boolean;`");
  });

  it("prints counts as JSON", async () => {
    const output = terminal();
    expect(await declareCommand(prqlc, { output: join(temporaryFolder(), "a.js"), json: true }, "1", output)).toBe(0);
    expect(JSON.parse(output.written())).toMatchObject({ members: 10, imports: 6, known: 6, holes: [], guesses: [] });
  });

  it("guesses without the generated JavaScript, and marks what may be wrong", async () => {
    const [folder, output] = [temporaryFolder(), terminal()];
    for (const name of ["prqlc_js_bg.wasm", "prqlc_js.d.ts"])
      copyFileSync(`${packageFolder}/${name}`, join(folder, name));
    const path = join(folder, "prqlc.mjs");
    const options = { output: path, json: true };
    expect(await declareCommand(join(folder, "prqlc_js_bg.wasm"), options, "1", output)).toBe(0);
    const { members, guesses } = JSON.parse(output.written()) as Report;
    // An object that may be left out can only be given away, so nothing is uncertain.
    expect([members, guesses]).toEqual([10, []]);
    const { api } = await read(path);
    expect(api?.members).toHaveProperty("compile.params.1.of", {
      type: "optional",
      item: { type: "owned", class: "CompileOptions" },
    });
  });

  it("takes no types of another module in the same package", async () => {
    // The package has modules, and the generated types of others of them, in other folders.
    const { glue, dts } = await findInputs("test/fixtures/realm/built/0.2.80-web.wasm", {});
    expect([glue?.name, dts]).toEqual(["unglue/test/fixtures/realm/built/0.2.80-web.js", undefined]);
  });

  it("writes a skeleton of numbers if there are no types", async () => {
    const [output, path] = [terminal(), join(temporaryFolder(), "hello.mjs")];
    expect(await declareCommand("examples/hello/hello.wasm", { output: path }, "1", output)).toBe(1);
    expect(output.written()).toContain("its numbers may be addresses");
    expect((await read(path)).api?.members).toHaveProperty("greet.params.0.of.type", "bits32");
  });

  it("writes over its own files alone", async () => {
    const path = join(temporaryFolder(), "app.js");
    writeFileSync(path, "export {};\n");
    await expect(declareCommand(prqlc, { output: path }, "1", terminal())).rejects.toThrow(/no declaration file/);
    expect(readFileSync(path, "utf8")).toBe("export {};\n");
  });

  it("refuses the JavaScript of another module", async () => {
    const options = { glue: "node_modules/tiktoken/tiktoken_bg.js", output: join(temporaryFolder(), "a.js") };
    await expect(declareCommand(prqlc, options, "1", terminal())).rejects.toThrow(CommandError);
  });
});
