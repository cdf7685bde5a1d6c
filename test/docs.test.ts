import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { sourcesOn } from "../scripts/entry-points.mjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wat } from "./wat.ts";

const root = join(import.meta.dirname, "..");

/** The TypeScript programs of a page: a block with an import begins one, a block without goes on with the one before. */
function programsOf(page: string): string[] {
  const programs: string[] = [];
  for (const [, block = ""] of readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```/gms)) {
    if (/^import /m.test(block) || programs.length === 0) programs.push(block);
    else programs.push(`${programs.pop() ?? ""}\n${block}`);
  }
  return programs;
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

describe("the code in the documentation", () => {
  it("fits the types", () => {
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      paths: Object.fromEntries(
        Object.entries(sourcesOn("node")).map(([name, source]) => [name, [join(root, source)]]),
      ),
    };
    const programs = new Map(
      pages.flatMap((page) =>
        programsOf(page).map((text, i) => [join(root, `${page}.${i}.ts`), `${text}\nexport {};\n`]),
      ),
    );
    expect(programs.size).toBeGreaterThan(8);
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (file) => programs.has(file) || fileExists(file);
    host.getSourceFile = (file, ...rest) => {
      const text = programs.get(file);
      return text === undefined
        ? getSourceFile(file, ...rest)
        : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
    };
    const program = ts.createProgram([...programs.keys()], options, host);
    const problems = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => file && programs.has(file.fileName))
      .map(({ file, start = 0, messageText }) => {
        const line = file?.text.slice(0, start).split("\n").length;
        return `${file?.fileName.slice(root.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      });
    expect(problems).toEqual([]);
  }, 60_000);
});

describe("the code in the README", () => {
  let folder: string;

  beforeAll(async () => {
    // Inside the package, so that the package's own name resolves as it does for a user.
    folder = mkdtempSync(join(root, "test/.readme-"));
    writeFileSync(
      join(folder, "text.wasm"),
      await wat(`(module
        (import "env" "log" (func $log (param i32 i32))) (import "env" "debug_enter" (func $debug (param i32)))
        (memory (export "memory") 1) (global $top (mut i32) (i32.const 1024))
        (func (export "malloc") (param $size i32) (result i32)
          (global.get $top) (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get $size) (i32.const 7)) (i32.const -8)))))
        (func (export "free") (param i32))
        (func (export "shout") (param $at i32) (param $length i32) (local $i i32)
          (call $debug (i32.const 1))
          (loop $next
            (i32.store8 (i32.add (local.get $at) (local.get $i))
              (i32.and (i32.load8_u (i32.add (local.get $at) (local.get $i))) (i32.const 0xdf)))
            (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
          (call $log (local.get $at) (local.get $length))))`),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (index: number): string[] =>
    printedBy(programsOf("README.md")[index] ?? "", join(folder, `block-${index}.mjs`));

  it("prints what its comments say: the first example", () => {
    expect(run(0)).toEqual(commentsOf(programsOf("README.md")[0] ?? ""));
    expect(run(0)).toHaveLength(2);
  });

  it("prints what its comments say: memory, imports and the report", () => {
    const lines = run(1);
    expect(lines[0]).toBe("HELLO");
    expect(lines).toContain(`env debug_enter stub policy "zero": returns nothing`);
  });
});

describe("the code in the guide", () => {
  const page = "docs/guide.md";
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(root, "test/.readme-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // What each program is to print: the comment behind each console.log, and each block of text.
  const expected: string[][] = [];
  for (const [, language, block = ""] of readFileSync(join(root, page), "utf8").matchAll(
    /^```(ts|text)\n(.*?)^```/gms,
  )) {
    if (expected.length === 0 || (language === "ts" && /^import /m.test(block))) expected.push([]);
    const lines = language === "text" ? block.trimEnd().split("\n") : commentsOf(block);
    expected.at(-1)?.push(...lines);
  }

  it("has a program with output for each of its subjects", () => {
    expect(expected).toHaveLength(programsOf(page).length);
    expect(expected.every((lines) => lines.length > 0)).toBe(true);
    expect(expected.length).toBeGreaterThan(3);
  });

  it.each(programsOf(page).map((text, at) => [at, text] as const))(
    "prints what stands there: program %i",
    (at, text) => {
      expect(printedBy(text, join(folder, `guide-${at}.mjs`))).toEqual(expected[at]);
    },
  );
});

/** The comments behind calls of console.log. */
function commentsOf(block: string): string[] {
  return [...block.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = ""]) => comment);
}

/** Runs a TypeScript program in a Node of its own, from the package's folder, and returns the lines that it prints. */
function printedBy(text: string, file: string): string[] {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(file, outputText);
  return execFileSync(process.execPath, [file], { cwd: root, encoding: "utf8" }).trimEnd().split("\n");
}
