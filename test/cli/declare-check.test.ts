import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { compareFiles } from "../../src/cli/declare/check.ts";
import { declareCommand } from "../../src/cli/declare.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const prqlc = "node_modules/prqlc/dist/node/prqlc_js_bg.wasm";
const realm = (build: string) => `test/fixtures/realm/built/${build}`;

/** Writes the files of a module. */
async function declared(module: string, glue?: string): Promise<string> {
  const path = join(temporaryFolder(), "file.js");
  await declareCommand(module, { output: path, ...(glue !== undefined && { glue }) }, "1", terminal());
  return path;
}

interface Checked {
  readonly code: number;
  readonly text: string;
  readonly differences: readonly string[];
}

/** Compares the files with a module. */
async function check(path: string, module: string, glue?: string): Promise<Checked> {
  const options = { output: path, check: true, ...(glue !== undefined && { glue }) };
  const [output, json] = [terminal(), terminal()];
  const code = await declareCommand(module, options, "2", output);
  expect(await declareCommand(module, { ...options, json: true }, "2", json)).toBe(code);
  const { differences } = JSON.parse(json.written()) as Checked;
  expect(code).toBe(differences.length === 0 ? 0 : 1);
  return { code, text: output.written(), differences };
}

/** Edits a declaration file, or its types, and returns the differences that are found. */
async function afterEdit(old: string | RegExp, now: string, ending = ".js"): Promise<readonly string[]> {
  const path = await declared(prqlc);
  const file = path.replace(".js", ending);
  const text = readFileSync(file, "utf8");
  const edited = text.replace(old, now);
  expect(edited).not.toBe(text);
  writeFileSync(file, edited);
  return (await check(path, prqlc)).differences;
}

describe("unglue declare --check, of another build of the module", () => {
  it("names the difference, what the module has first", async () => {
    const path = await declared(realm("0.2.80-web.wasm"), realm("0.2.80-web.js"));
    const { code, text, differences } = await check(path, realm("0.2.130-web.wasm"), realm("0.2.130-web.js"));
    expect(code).toBe(1);
    expect(differences[0]).toMatch(
      /^file\.js: fingerprint is "[0-9a-f]{16}", and would be "[0-9a-f]{16}": the module has other imports or exports/,
    );
    expect(differences.slice(1).filter((one) => one.startsWith("file.js: "))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^file\.js: the exports? \w+ is \(func.*\), and would be \(func.*\)$/),
        expect.stringMatching(/^file\.js: the exports .*, .* would not be there$/),
        'file.js: known.version is "0.2.80", and would be "0.2.130"',
        expect.stringMatching(/^file\.js: the meanings? of the imports \w+, \w+, \w+ and \d+ more would not be there$/),
      ]) as unknown,
    );
    expect(text).toMatch(/and \d+ more, which --json lists/);
    expect(text.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "))).toEqual([]);
  });

  it("is content with the build that the file is for", async () => {
    const path = await declared(realm("0.2.130-web.wasm"), realm("0.2.130-web.js"));
    const { code, text } = await check(path, realm("0.2.130-web.wasm"), realm("0.2.130-web.js"));
    expect([code, text]).toEqual([0, expect.stringContaining("is what would be written now")]);
  });

  it("finds a file of another package", async () => {
    const { code, differences } = await check(await declared(prqlc), "node_modules/lz4-wasm/lz4_wasm_bg.wasm");
    expect(code).toBe(1);
    expect(differences[0]).toMatch(/^file\.js: it is the file of prqlc 0\.13\.14, Apache-2\.0, and not of lz4-wasm/);
  });

  it("names another version of the package", async () => {
    expect(await afterEdit("of prqlc 0.13.14,", "of prqlc 0.13.13,")).toEqual([
      "file.js: it is of prqlc 0.13.13, Apache-2.0, and would be of prqlc 0.13.14, Apache-2.0",
    ]);
  });
});

describe("unglue declare --check, of a file that was edited by hand", () => {
  it.each([
    ["a member is missing", / {6}pl_to_prql: \{[^]*?\n {6}\},\n/, "", "pl_to_prql is missing"],
    ["a member is added", /members: \{/, "members: { mine: { member: 'function' },", "mine would not be there"],
    [
      "a type is another one",
      /(compile: \{[^]*?of: )string/,
      "$1{ type: 'u32' }",
      "compile, parameter 1 is u32, and would be string",
    ],
    [
      "a member is of another kind",
      'format: { member: "field"',
      'format: { member: "getter"',
      /^file\.js: CompileOptions\.format is \{"member":"getter".*, and would be \{"member":"field"/,
    ],
    ["a field is missing", ", options: {}", "", /^file\.js: CompileOptions\.\w+, options is missing$/],
    ["a code is there", "format: 1", "format: Number(1)", /is `Number\(1\)` in line \d+, which is no plain data/],
    ["an unknown name is there", "format: 1", "format: version", /is `version` in line \d+, which is no plain data/],
    ["a spread is there", "api: {", "...mine, api: {", /is `\.\.\.mine` in line \d+, which is no plain data/],
    ["a method is there", "api: {", "api() {}, api: {", /is `api\(\) \{\}` in line \d+, which is no plain data/],
    ["a type of t is there", "format: 1", "format: t.u32", /is `t\.u32` in line \d+, which is no plain data/],
    ["the prototype is set", "format: 1", "__proto__: {}, format: 1", /is `__proto__: \{\}` in line \d+/],
    ["the format is another one", "format: 1", "format: 2", "format is 2, and would be 1"],
    ["the fingerprint is missing", /fingerprint: .*/, "", "fingerprint is missing"],
    [
      "the shape is no shape",
      /shape: \{[^]*?\n {2}\},\n/,
      "shape: { imports: 1, exports: [] },",
      "shape cannot be read",
    ],
    ["the shape is missing", /shape: \{[^]*?\n {2}\},\n/, "", "shape is missing"],
    [
      "a statement is added",
      "export default",
      "export const mine = 1;\nexport default",
      /`export const mine = 1;` in line/,
    ],
    ["the comment is missing", /^\/\*[^]*?\*\/\n/, "", "the comment at its start is missing"],
    ["nothing is exported", "export default", "export const mine =", "it has no default export"],
    ["it cannot be parsed", "export default {", "export default {{", /^file\.js: file\.js cannot be parsed: .*\d+:\d+/],
    ["it is empty", /^[^]*$/, "", "it has no default export"],
  ])("says that %s", async (_, old, now, expected) => {
    const differences = await afterEdit(old, now);
    const found = differences.filter((one) =>
      typeof expected === "string" ? one.includes(expected) : expected.test(one),
    );
    expect({ differences, found: found.length }).toMatchObject({ found: 1 });
    expect(differences.length).toBeLessThan(4);
  });

  it.each([
    [
      "a type is another one",
      "format: boolean",
      "format: string",
      "CompileOptions.format is `format: string;`, and would be",
    ],
    [
      "a member is added",
      "format: boolean;",
      "format: boolean; mine(): void;",
      "CompileOptions.mine would not be there",
    ],
    ["a member is missing", "  format: boolean;\n", "", "CompileOptions.format is missing"],
    ["a function of the interface is missing", /\n {2}pl_to_prql\(.*/, "", "Api.pl_to_prql is missing"],
    ["a comment is another one", "/** The members of `wasm.api`. */", "/** Mine. */", "the comment of Api differs"],
    [
      "a declaration is added",
      "export default declaration;",
      "export default declaration;\nexport type Mine = 1;",
      "Mine would not be there",
    ],
    ["it cannot be parsed", "export interface Api {", "export interface {", "file.d.ts cannot be parsed"],
  ])("says of its types that %s", async (_, old, now, expected) => {
    const differences = await afterEdit(old, now, ".d.ts");
    expect(differences).toEqual([expect.stringContaining(expected)]);
  });

  it("takes another layout for the same file", async () => {
    const path = await declared(prqlc);
    for (const file of [path, path.replace(".js", ".d.ts")]) {
      const text = readFileSync(file, "utf8");
      const options = {
        filepath: file,
        printWidth: 40,
        singleQuote: true,
        semi: false,
        trailingComma: "none",
      } as const;
      const formatted = await format(text, options);
      expect(formatted.length).not.toBe(text.length);
      writeFileSync(file, formatted.replaceAll("\n", "\r\n"));
    }
    expect((await check(path, prqlc)).differences).toEqual([]);
  });

  it("takes other ends of lines and a byte order mark for the same file, and writes over it", async () => {
    const path = await declared(prqlc);
    for (const file of [path, path.replace(".js", ".d.ts")]) {
      writeFileSync(file, `\ufeff${readFileSync(file, "utf8").replaceAll("\n", "\r\n")}`);
    }
    expect((await check(path, prqlc)).differences).toEqual([]);
    expect(await declareCommand(prqlc, { output: path }, "1", terminal())).toBe(0);
    expect(readFileSync(path, "utf8")).not.toMatch(/\r|\ufeff/);
  });

  it.each([
    ["above the tool's own", /^/, "/* Mine: 2020 */\n", "the comment `Mine: 2020` in line 1 would not be there"],
    ["below the tool's own", / \*\/\n/, " */\n// mine\n", /the comment `mine` in line \d+ would not be there/],
    ["at the end", /$/, "\n/* \n * mine,\n * too\n */\n", /the comment `mine, too` in line \d+ would not be there/],
    ["twice", /$/, "// a\n// a\n", /(the comment `a` in line \d+ would not be there.*){2}/],
  ])("names a comment that was added %s, in both files", async (_, old, now, expected) => {
    for (const ending of [".js", ".d.ts"]) {
      expect((await afterEdit(old, now, ending)).join("; ")).toMatch(expected);
    }
  });

  it("names a comment that is missing in the middle", () => {
    const now = "/*\n * The interface of a, for unglue.\n */\n/** Mine. */\nexport default { format: 1 };\n";
    expect(compareFiles(now.replace("/** Mine. */", ""), now, "a.js")).toEqual(["the comment `Mine.` is missing"]);
  });

  it("escapes what a terminal obeys", () => {
    const now = "/*\n * The interface of a, for unglue.\n */\nexport default { format: 1 };\n";
    const old = now.replace("1 }", '1, "\u001b[2J": f("\u001b[2J") }');
    const [found = ""] = compareFiles(old, now, "a.js");
    expect(found).toContain("which is no plain data");
    // eslint-disable-next-line no-control-regex -- it is looked for
    expect(found).not.toMatch(/\u001b/);
  });
});
