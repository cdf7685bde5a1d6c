import { build as buildCommand } from "esbuild";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { referencesIn } from "../scripts/imports.mjs";
import { parse } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import tsupConfig from "../tsup.config.ts";
import { wat } from "./wat.ts";

/** The packages that some entry points fetch, if they are used and installed. */
const peers = ["@bjorn3/browser_wasi_shim", "@emnapi/core", "@emnapi/runtime"];
const root = fileURLToPath(new URL("..", import.meta.url));

/** A module with an allocator, in base64. */
const allocating = Buffer.from(
  await wat(`(module (memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) (i32.const 1024)))`),
).toString("base64");

beforeAll(() => {
  if (!existsSync(join(root, "dist/node.js"))) throw new Error("There is no build: run `npm run build` first.");
});

describe("the built files in Node", () => {
  const run = (...args: string[]): unknown =>
    JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }));

  it("say that there is no WebAssembly under --jitless, and read modules", () => {
    const script = `
      import { compile, inspect, load, loadSync } from "./dist/node.js";
      const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
      const calls = [() => load("http://127.0.0.1:9/app.wasm"), () => compile(bytes), () => loadSync(bytes)];
      const codes = [];
      for (const call of calls) codes.push(await Promise.resolve().then(call).catch(({ code }) => code));
      console.log(JSON.stringify([inspect(bytes).complete, ...codes]));`;
    const unavailable = Array<string>(3).fill("wasm-unavailable");
    expect(run("--jitless", "--input-type=module", "--eval", script)).toEqual([true, ...unavailable]);
  });

  it("load what import source compiled, where the engine reads it", () => {
    const script = "test/source/import-source.mjs";
    const isRead = Number(process.versions.node.split(".")[0]) >= 24;
    if (isRead) expect(run(script)).toEqual({ answer: 42, sync: 42, complete: true, bare: false });
    else expect(() => run(script)).toThrow("SyntaxError");
  });
});

describe("package.json", () => {
  const { exports, main, module, types } = packageJson;

  it("names only files that exist", () => {
    const targets = [...leavesOf(exports), main, module, types];
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it("has as entry points exactly what tsup builds with types", () => {
    // The scripts of workers have no exports.
    const typed = Object.entries(exports).filter(([entryPoint]) => entryPoint !== "./offload-worker");
    const entryPoints = leavesOf(Object.fromEntries(typed)).map(
      (target) => /^\.\/dist\/([\w-]+)\.(?:c?js|d\.c?ts)$/.exec(target)?.[1],
    );
    const { dts } = tsupConfig as { dts: { entry: Record<string, string> } };
    // It has the names and types of another entry point.
    const built = [...Object.keys(dts.entry), "whole"];
    expect([...new Set(entryPoints.filter((entryPoint) => entryPoint !== undefined))].sort()).toEqual(built.sort());
  });

  it("asks for edge hosts before Node, for Node before anything else, and for types before code", () => {
    const platforms = ["workerd", "edge-light", "node"];
    const found = Object.values(exports as Record<string, object | string>).filter(
      (entryPoint): entryPoint is Record<string, unknown> => typeof entryPoint === "object" && "node" in entryPoint,
    );
    expect(found).toHaveLength(6);
    for (const { workerd, "edge-light": edge, node, ...elsewhere } of found) {
      expect(Object.keys(found[0] as object).slice(0, 3)).toEqual(platforms);
      // Hosts that are like a browser, whatever else they answer to.
      const browser = elsewhere.default ?? elsewhere;
      expect([workerd, edge]).toEqual([browser, browser]);
      expect(node).not.toEqual(browser);
      if (typeof node !== "object") continue;
      expect(Object.keys(elsewhere)).toEqual(["import", "require"]);
      for (const format of [...Object.values(node as object), ...Object.values(elsewhere)] as object[])
        expect(Object.keys(format)).toEqual(["types", "default"]);
    }
    for (const entryPoint of found) expect(Object.keys(entryPoint).slice(0, 3)).toEqual(platforms);
  });

  it("has no dependencies but optional peers", () => {
    const kinds = Object.keys(packageJson).filter((key) => /^(peer|optional|bundled?)?dependencies$/i.test(key));
    expect(kinds).toEqual(["peerDependencies"]);
    const { peerDependencies, peerDependenciesMeta } = packageJson;
    const all = [...peers, "unplugin"];
    expect(Object.keys(peerDependencies)).toEqual(all);
    expect(Object.entries(peerDependenciesMeta)).toEqual(all.map((name) => [name, { optional: true }]));
  });

  it("runs nothing when it is installed", () => {
    const hooks = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
    expect(Object.keys(packageJson.scripts).filter((name) => hooks.includes(name))).toEqual([]);
    // npm builds a package that has this file, without a script.
    expect(existsSync(join(root, "binding.gyp"))).toBe(false);
  });
});

describe("the built files", () => {
  it.each(["js", "cjs"])("of every entry point but Node's load nothing but one another (%s)", (extension) => {
    const { dts } = tsupConfig as { dts: { entry: Record<string, string> } };
    const ofNode = ["node", "go-node", "offload-node", "wasi-node", "plugin"];
    const entryPoints = Object.keys(dts.entry).filter((entryPoint) => !ofNode.includes(entryPoint));
    expect(entryPoints).toEqual(expect.arrayContaining(["wasm-bindgen", "wasm-bindgen-web", "offload-browser"]));
    // The peers, which are fetched when they are needed.
    const imports = entryPoints.flatMap((entryPoint) => importsBehind(`${entryPoint}.${extension}`));
    expect([...new Set(imports)].sort()).toEqual(peers);
  });

  it.each(["js", "cjs"])("of Node's entry point load only built-ins, by their node: names (%s)", (extension) => {
    const imports = importsBehind(`node.${extension}`);
    expect(imports.length).toBeGreaterThan(0);
    const foreign = imports.filter((name) => !name.startsWith("node:") || !builtinModules.includes(name.slice(5)));
    expect(foreign).toEqual([]);
  });

  it.each(["js", "cjs"])(
    "of offload's entry point for Node load nothing but built-ins, and a worker's no more (%s)",
    (extension) => {
      const packages = (entry: string) =>
        importsBehind(`${entry}.${extension}`).filter((name) => !name.startsWith("node:"));
      expect(packages("offload-node")).toEqual([]);
      // The module of imports, whose address is a user's.
      expect(packages("offload-node-worker")).toEqual(["address"]);
      expect(packages("offload-worker")).toEqual(["address"]);
    },
  );

  it("of the entry point in one file load nothing at all, at first or later", () => {
    for (const extension of ["js", "cjs"]) {
      expect(specifiersIn(`whole.${extension}`)).toEqual([]);
      expect(readFileSync(join(root, `dist/whole.${extension}`), "utf8")).not.toMatch(/\bimport\(/);
    }
  });

  it("have no path of the machine that built them", () => {
    const files = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.\w+$/.test(file),
    );
    expect(files.length).toBeGreaterThan(50);
    const absolute = files.filter((file) => readFileSync(join(root, "dist", file), "utf8").includes(root));
    expect(absolute).toEqual([]);
    const maps = files.filter((file) => file.endsWith(".map"));
    const sources = maps.flatMap((file) => {
      const map = JSON.parse(readFileSync(join(root, "dist", file), "utf8")) as {
        readonly sources: string[];
        readonly file?: string;
        readonly sourceRoot?: string;
      };
      return [...map.sources, map.file ?? "", map.sourceRoot ?? ""];
    });
    expect(sources.filter((source) => /^([a-z]+:|[\\/])/i.test(source))).toEqual([]);
  });

  it("are the same code in both formats, with the syntax of the source and in strict mode", () => {
    const files = readdirSync(join(root, "dist")).filter((file) => file.endsWith(".cjs"));
    const texts = files.map((file) => readFileSync(join(root, "dist", file), "utf8"));
    expect(texts.filter((text) => !text.startsWith('"use strict";'))).toEqual([]);
    expect(texts.filter((text) => /_optionalChain|_nullishCoalesce|_interopRequire/.test(text))).toEqual([]);
    const kept = ["?.", "??", "static #", "async function*"].filter((syntax) =>
      texts.some((text) => text.includes(syntax)),
    );
    expect(kept).toHaveLength(4);
  });

  it("have no loop over inherited members, nor helpers that define properties by objects that inherit", () => {
    const files = readdirSync(join(root, "dist")).filter((file) => /\.c?js$/.test(file));
    const texts = files.map((file) => readFileSync(join(root, "dist", file), "utf8"));
    expect(texts.filter((text) => /for \((var|let|const) \w+ in /.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes("__defProp = Object.defineProperty;"))).toEqual([]);
  });

  it("of CommonJS import() nothing but a user's modules and peers: Jest refuses that", () => {
    const left = readdirSync(join(root, "dist"))
      .filter((file) => file.endsWith(".cjs"))
      .flatMap((file) => readFileSync(join(root, "dist", file), "utf8").match(/\bimport\(\s*["'`][^)]*\)/g) ?? []);
    // The optional peers, of which some have no CommonJS.
    expect(left.sort()).toEqual(peers.map((name) => `import("${name}")`));
  });

  it("keep what both entry points share in one place", () => {
    for (const extension of ["js", "cjs"]) {
      const shared = filesBehind(`browser.${extension}`).filter((file) =>
        filesBehind(`node.${extension}`).includes(file),
      );
      expect(shared.length).toBeGreaterThan(0);
    }
  });
});

describe("the built package, by its name", () => {
  const names = ["UnglueError", "compile", "compileSync", "inspect", "load", "loadSync", "t", "trampolineBytes"];

  it("exports the same in one file, which works where nothing can be imported", () => {
    const program = `
      import { createContext, runInContext } from "node:vm";
      import { readFileSync } from "node:fs";
      const context = createContext({
        WebAssembly, URL, Response, ReadableStream, TextDecoder, TextEncoder, AbortController, queueMicrotask, setTimeout, btoa, atob, crypto,
        DecompressionStream, FinalizationRegistry, module: { exports: {} }, bytes: Uint8Array.from(Buffer.from("${allocating}", "base64")),
      });
      runInContext("(function (module) {" + readFileSync("dist/whole.cjs", "utf8") + "\\n})(module)", context);
      const run = runInContext(\`(async () => {
        const { load, t } = module.exports;
        const wasm = await load(bytes, { onProgress() {}, onTrap: "restart", limits: { memoryPages: 3 }, api: t.api({ malloc: t.fn([t.u32], t.u32) }) });
        return [Object.keys(module.exports).sort(), wasm.api.malloc(8), wasm.memory.alloc(8)];
      })()\`, context);
      console.log(JSON.stringify(await run));
    `;
    expect(node(program)).toEqual([names, 1024, 1024]);
  });

  it("exports the same from both entry points, to import and to require", () => {
    const printed = node(`
      const require = createRequire(import.meta.url);
      const entryPoints = [
        await import("unglue"), require("unglue"), await import("./dist/browser.js"), require("./dist/browser.cjs"),
        await import("unglue/whole"), require("unglue/whole"), await import("./dist/whole.js"), require("./dist/whole.cjs"),
      ];
      console.log(JSON.stringify(entryPoints.map((entryPoint) => Object.keys(entryPoint).sort())));
    `);
    expect(printed).toEqual(Array(8).fill(names));
  });

  it("takes Node's entry point for the condition node, and the browser's without it", () => {
    const printed = node(`
      console.log(JSON.stringify([import.meta.resolve("unglue"), createRequire(import.meta.url).resolve("unglue")]));
    `) as string[];
    expect(printed.map((path) => path.replace(/^.*\/dist\//, ""))).toEqual(["node.js", "node.cjs"]);
  });

  it("knows the errors of its other copy", () => {
    const printed = node(`
      const copies = [await import("unglue"), createRequire(import.meta.url)("unglue")];
      const errors = copies.map(({ inspect }) => {
        try { inspect(new Uint8Array()); } catch (error) { return error; }
      });
      console.log(JSON.stringify(copies.map(({ UnglueError }) => errors.map((error) => [
        error instanceof UnglueError, UnglueError.is(error), UnglueError.is(error, error.code), UnglueError.is(error, "trap"),
      ]))));
    `);
    const own = [true, true, true, false];
    const other = [false, true, true, false];
    expect(printed).toEqual([
      [own, other],
      [other, own],
    ]);
  });

  it("has one error class in both entry points of a format", () => {
    const printed = node(`
      const require = createRequire(import.meta.url);
      console.log(JSON.stringify([
        (await import("unglue")).UnglueError === (await import("./dist/browser.js")).UnglueError,
        require("unglue").UnglueError === require("./dist/browser.cjs").UnglueError,
      ]));
    `);
    expect(printed).toEqual([true, true]);
  });
});

describe("the built ledger", () => {
  it("shows the program's own frames first, with the error class of the entry point (import and require)", () => {
    const printed = node(`
      const bytes = Uint8Array.from(atob("${allocating}"), (char) => char.charCodeAt(0));
      const require = createRequire(import.meta.url);
      const copies = [
        [await import("unglue"), await import("unglue/ledger")], [require("unglue"), require("unglue/ledger")],
      ];
      console.log(JSON.stringify(await Promise.all(copies.map(async ([{ load, UnglueError }, { createLedger }]) => {
        const ledger = createLedger();
        const { memory } = await load(bytes, { ledger });
        (function forget() { memory.allocString("é".repeat(100)); })();
        try { ledger.expectNoLeaks(); } catch (error) {
          return [error instanceof UnglueError, error.code, error.details.allocations[0].stack.split(" ")[0]];
        }
      }))));
    `);
    expect(printed).toEqual(Array(2).fill([true, "memory-leaked", "forget"]));
  });
});

describe("the workflows", () => {
  interface Job {
    readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
    readonly permissions?: Readonly<Record<string, string>>;
    readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
  }
  const job = (file: string, name: string): Job =>
    (parse(readFileSync(join(root, ".github/workflows", file), "utf8")) as { jobs: Record<string, Job> }).jobs[
      name
    ] as Job;
  const commands = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

  it("run what .ci/run runs, on every line of Node that the package takes", () => {
    const { strategy, ...all } = job("ci.yml", "all");
    expect(commands(all)).toEqual([".ci/run"]);
    expect(strategy?.matrix.node).toEqual([20, 22, 24, 26]);
    expect(packageJson.engines.node).toMatch(/^>=20\./);
  });

  it("use actions by their commit, with the version beside it", () => {
    const files = readdirSync(join(root, ".github/workflows"));
    const uses = files.flatMap((file) =>
      [...readFileSync(join(root, ".github/workflows", file), "utf8").matchAll(/uses: *(.*)/g)].map(([, use]) => use),
    );
    expect(uses.length).toBeGreaterThan(3);
    expect(uses.filter((use) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(String(use)))).toEqual([]);
  });

  it("publish with a provenance, and only what has passed", () => {
    const publish = job("release.yml", "publish");
    const [check, addresses, build, last] = commands(publish).slice(-4);
    expect([check, addresses, build]).toEqual([".ci/run", "node scripts/addresses.mjs fill", "npm run build"]);
    expect(last).toContain("npm publish --provenance");
    expect(publish.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(commands(publish)[0]).toContain("package.json");
  });
});

describe("the tarball", () => {
  it("holds the build, the examples and the papers, and no sources", () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32",
    });
    const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    const papers = [
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "SECURITY.md",
      "THIRD-PARTY-NOTICES.md",
      "package.json",
    ];
    expect(paths.filter((path) => !/^(dist|examples|docs)\//.test(path)).sort()).toEqual(papers);
    expect(paths.filter((path) => path.startsWith("docs/") && !/\.(md|svg|png|webp)$/.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(["examples/c/counter.wasm", "examples/hello/hello.wasm"]));
    expect(paths.filter((path) => path.startsWith("dist/") && !/\.(c?js|c?js\.map|d\.c?ts)$/.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(leavesOf(packageJson.exports).map((target) => target.slice(2))));
    // Whoever reads it in node_modules can follow each link.
    const links = paths
      .filter((path) => path.endsWith(".md"))
      .flatMap((page) =>
        [
          ...readFileSync(join(root, page), "utf8")
            .replace(/```.*?```/gs, "")
            .matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g),
        ].map(([, to = ""]) => join(dirname(page), to).replace(/\/$/, "")),
      );
    expect(links.length).toBeGreaterThan(400);
    expect(links.filter((to) => !paths.some((path) => path === to || path.startsWith(`${to}/`)))).toEqual([]);
  });
});

describe("what comes with the package", () => {
  it("names each library that is bundled, in the version that is installed", async () => {
    const notices = readFileSync(join(root, "THIRD-PARTY-NOTICES.md"), "utf8");
    const [, list = ""] = /noExternal: \[(.*)\]/.exec(readFileSync(join(root, "tsup.config.ts"), "utf8")) ?? [];
    const { metafile } = await buildCommand({
      entryPoints: [join(root, "src/cli/main.ts")],
      absWorkingDir: root,
      outdir: "out",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      // The library's optional peers, which are bundled nowhere.
      external: [...peers],
      metafile: true,
      write: false,
    });
    const inputs = Object.keys(metafile.inputs);
    const ofCommand = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect(ofCommand).toContain("commander");
    const bundled = new Set([...[...list.matchAll(/"(.+?)"/g)].map(([, name = ""]) => name), ...ofCommand]);
    for (const name of bundled) {
      const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
      expect(notices).toContain(`## ${name} ${(JSON.parse(text) as { version: string }).version}`);
    }
  });

  it("is not published without addresses, which the release fills in", () => {
    const folder = mkdtempSync(join(tmpdir(), "unglue-addresses-"));
    const file = join(folder, "package.json");
    const run = (task: string, env = {}) =>
      spawnSync(process.execPath, ["scripts/addresses.mjs", task, file], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, ...env },
      });
    try {
      writeFileSync(file, JSON.stringify({ name: "unglue" }));
      const refused = run("require");
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("repository, homepage, bugs")]);
      const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "Someone/unglue" };
      expect(run("fill", github).status).toBe(0);
      expect(run("require").status).toBe(0);
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
        repository: { url: "git+https://github.com/Someone/unglue.git" },
        homepage: "https://someone.github.io/unglue/",
        bugs: { url: "https://github.com/Someone/unglue/issues" },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The targets of an exports map, at any depth. */
function leavesOf(map: unknown): string[] {
  return typeof map === "string" ? [map] : Object.values(map as object).flatMap(leavesOf);
}

/** The files of dist that a file loads, by import or later, itself included. */
function filesBehind(entry: string, found: string[] = []): string[] {
  if (found.includes(entry)) return found;
  found.push(entry);
  for (const specifier of specifiersIn(entry)) {
    if (specifier.startsWith(".")) filesBehind(join(dirname(entry), specifier), found);
  }
  return found;
}

/** The modules that these files load from elsewhere. */
function importsBehind(entry: string): string[] {
  const specifiers = filesBehind(entry).flatMap(specifiersIn);
  return [...new Set(specifiers.filter((specifier) => !specifier.startsWith(".")))];
}

/** Every specifier of a built file: import, export, `import()` and `require()`. One that is not a literal stands as its source text. */
function specifiersIn(file: string): readonly string[] {
  const known = specifiers.get(file);
  if (known) return known;
  const found = readSpecifiers(file);
  specifiers.set(file, found);
  return found;
}

const specifiers = new Map<string, readonly string[]>();

function readSpecifiers(file: string): string[] {
  const text = readFileSync(join(root, "dist", file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  return referencesIn(source).map(({ specifier }) => specifier);
}

/** Runs a program in a Node of its own, in the package's folder, where the package's name resolves as it does for a user. */
function node(program: string): unknown {
  const text = `import { createRequire } from "node:module";\n${program}`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", text], { cwd: root, encoding: "utf8" }),
  );
}
