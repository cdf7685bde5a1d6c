import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasModules, modulesFor } from "./docs-modules.ts";
import { documentedCode } from "./documented-code.ts";
import { wat } from "./wat.ts";

const root = join(import.meta.dirname, "..");

/** A block of code in a page, or of what it prints. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** A TypeScript program of a page, with the lines that the page says it prints. */
interface Program {
  readonly page: string;
  readonly text: string;
  readonly printed: readonly string[];
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("site/"))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** The blocks of a page in order. */
function blocksOf(page: string): Block[] {
  return [...textOf(page).matchAll(/^ *```(\w+)\n(.*?)^ *```/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** The programs of a page: a block with an import begins one, a block without continues the one before. */
function programsOf(page: string): Program[] {
  const programs: Program[] = [];
  for (const { language, text } of blocksOf(page)) {
    const last = programs.at(-1);
    if (language === "text" && last) {
      programs.splice(-1, 1, { ...last, printed: [...last.printed, ...text.trimEnd().split("\n")] });
    } else if (language === "ts" && (!last || /^import /m.test(text))) {
      programs.push({ page, text, printed: commentsOf(text) });
    } else if (language === "ts" && last) {
      programs.splice(-1, 1, {
        page,
        text: `${last.text}\n${text}`,
        printed: [...last.printed, ...commentsOf(text)],
      });
    }
  }
  return programs;
}

/** The comments after calls of console.log. */
function commentsOf(block: string): string[] {
  return [...block.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = ""]) => comment);
}

/** The programs that load a module of a package: they run as they are, and print what the page says. */
const running = pages.flatMap(programsOf).filter(({ text }) => /"(\.\/)?node_modules\//.test(text));
/** The programs that load a module of the reader's: they run with one that stands in for it. */
const standingIn = pages
  .flatMap(programsOf)
  .filter((program) => !running.some(({ text }) => text === program.text))
  .filter(
    ({ page, text }) => hasModules(page, text) && !/from "(?:vitest|unglue\/whole)"|new Worker\(|my-worker/.test(text),
  );

describe("the code in the documentation", () => {
  it("fits the types", () => {
    const options = documentedCode("lib.esnext.disposable.d.ts");
    const programs = new Map(
      pages.flatMap((page) =>
        programsOf(page).map(({ text }, i) => [join(root, `${page}.${i}.ts`), `${text}\nexport {};\n`]),
      ),
    );
    expect(programs.size).toBeGreaterThan(30);
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

  it("can be parsed where it is JavaScript", () => {
    const scripts = pages.flatMap((page) =>
      blocksOf(page)
        .filter(({ language }) => ["js", "jsx", "tsx"].includes(language))
        .map(({ text }) => ({ page, text })),
    );
    expect(scripts.length).toBeGreaterThan(5);
    const problems = scripts.flatMap(({ page, text }) => {
      const { diagnostics = [] } = ts.transpileModule(text, {
        fileName: "block.tsx",
        reportDiagnostics: true,
        compilerOptions: { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
      });
      return diagnostics.map(({ messageText }) => `${page}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    });
    expect(problems).toEqual([]);
  });
});

describe("the code in the documentation that loads a module at hand", () => {
  let folder: string;

  // As a reader's project is: the package and those that supply modules, installed.
  beforeAll(() => {
    folder = mkdtempSync(join(root, "test/.readme-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/unglue"), "junction");
    for (const name of ["prqlc", "ywasm", "xxhash-wasm", "sql.js"]) {
      symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is on the pages that a beginner reads, and prints something", () => {
    const its = [...new Set(running.map(({ page }) => page))];
    expect(its).toEqual(expect.arrayContaining(["README.md", "docs/guide.md", "docs/ownership.md", "docs/c.md"]));
    expect(running.filter(({ printed }) => printed.length === 0)).toEqual([]);
  });

  it.each(running.map((program, at) => ({ at, ...program })))(
    "prints what $page says: program $at",
    ({ at, text, printed }) => {
      expect(printedBy(text, join(folder, `program-${at}.mjs`))).toEqual(printed);
    },
  );

  it("is on the pages of the topics, with modules that stand in for the reader's", () => {
    const topics = ["sources", "imports", "traps", "pools", "workers", "memory"].map((page) => `docs/${page}.md`);
    expect([...new Set([...running, ...standingIn].map(({ page }) => page))]).toEqual(expect.arrayContaining(topics));
  });

  it.each(standingIn.map((program, at) => ({ at, ...program })))(
    "runs with a module that stands in: $page, program $at",
    async ({ at, page, text, printed }) => {
      const place = join(folder, `standing-in-${String(at)}`);
      mkdirSync(place);
      for (const [path, bytes] of await modulesFor(page)) writeFileSync(join(place, path), bytes);
      writeFileSync(join(place, "imports.js"), "export default () => ({ env: { log: () => undefined } });");
      // Without network: the address and the hash of the module are those of the module at hand.
      const app = await modulesFor(page).then((modules) => modules.get("./app.wasm"));
      const hash = app && createHash("sha384").update(app).digest("base64");
      const local = text
        .replaceAll(
          "https://example.com/app.wasm",
          `data:application/wasm;base64,${Buffer.from(app ?? []).toString("base64")}`,
        )
        .replaceAll(/sha384-[\w+/=]+/g, `sha384-${String(hash)}`);
      const lines = printedBy(local, join(place, "program.mjs"));
      // The comment of a line may go on after what is printed.
      for (const comment of printed) expect(lines).toContain(comment.replace(/,.*/, ""));
    },
  );

  it("has the module that its text makes", async () => {
    const hello = readFileSync(join(root, "examples/hello/hello.wat"), "utf8");
    expect(await wat(hello)).toEqual(new Uint8Array(readFileSync(join(root, "examples/hello/hello.wasm"))));
  });

  it("has the same module in each example", () => {
    const modules = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
      .filter((path) => /(?<!node_modules.*)(hello|counter|london)\.wasm$/.test(path))
      .map((path) => readFileSync(join(root, "examples", path)).toString("hex"));
    expect(modules.length).toBeGreaterThan(2);
    expect(new Set(modules).size).toBe(2);
  });
});

describe("links in the documentation", () => {
  /** The anchors of a page's headings, as GitHub makes them. */
  const anchorsOf = (page: string): string[] => {
    const seen = new Map<string, number>();
    return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
      const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const slug = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count ? `${slug}-${count}` : slug;
    });
  };

  it("lead to a file, and to a heading in it", () => {
    const dead = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
        if (/^[a-z]+:/.test(target)) return [];
        const [path = "", anchor] = target.split("#");
        const file = path ? relative(root, join(root, dirname(page), path)) : page;
        if (!exists(file)) return [`${page}: ${target}`];
        return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [`${page}: ${target}`];
      }),
    );
    expect(dead).toEqual([]);
  });
});

function exists(file: string): boolean {
  try {
    readFileSync(join(root, file));
    return true;
  } catch {
    return false;
  }
}

/** Runs a TypeScript program in a Node of its own, from its folder, and returns the lines that it prints. */
function printedBy(text: string, file: string): string[] {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(file, outputText);
  return execFileSync(process.execPath, [file], { cwd: dirname(file), encoding: "utf8" })
    .trimEnd()
    .split("\n");
}
