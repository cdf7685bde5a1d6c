import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { build as vite } from "vite";
import { afterEach, describe, expect, it } from "vitest";
import { load } from "../../src/node.ts";
import { type PluginOptions, unglue } from "../../src/plugin/index.ts";
import { asking } from "../cli/small-package.ts";
import { answering, copyLz4, envOf, project, run, type Served } from "./project.ts";

/** A build of `main.js`, or of the entries that are named, into `out`, for Node. Returns the warnings. */
type Build = (root: string, options?: PluginOptions, entries?: readonly string[]) => Promise<readonly string[]>;

/** Warnings and errors name the folder of the test, which is another one each time. */
const inputs = (root: string, entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(entries.map((name) => [name, join(root, `${name}.js`)]));

/** Keeps warnings, except Rolldown's of a slow machine. */
function noting(warnings: string[]) {
  return (level: string, { code, message }: { readonly code?: string | undefined; readonly message: string }): void => {
    if (level === "warn" && code !== "PLUGIN_TIMINGS") warnings.push(message);
  };
}

const builds: Readonly<Record<string, Build>> = {
  async vite(root, options, entries = ["main"]) {
    const warnings: string[] = [];
    await vite({
      root,
      configFile: false,
      logLevel: "silent",
      plugins: [unglue.vite(options)],
      build: {
        ssr: true,
        outDir: "out",
        rolldownOptions: {
          input: inputs(root, entries),
          onLog: noting(warnings),
        },
      },
    });
    return warnings;
  },
  async rollup(root, options, entries = ["main"]) {
    // Its paths are relative to the process.
    process.chdir(root);
    const warnings: string[] = [];
    const onLog = noting(warnings);
    const bundle = await rollup({
      input: inputs(root, entries),
      plugins: [unglue.rollup(options)],
      onLog,
    });
    await bundle.write({ dir: join(root, "out") });
    return warnings;
  },
  async rolldown(root, options, entries = ["main"]) {
    const warnings: string[] = [];
    const bundle = await rolldown({
      cwd: root,
      input: inputs(root, entries),
      platform: "node",
      plugins: [unglue.rolldown(options)],
      onLog: noting(warnings),
    });
    await bundle.write({ dir: join(root, "out") });
    return warnings;
  },
  async esbuild(root, options, entries = ["main"]) {
    const { warnings } = await esbuild({
      absWorkingDir: root,
      entryPoints: inputs(root, entries),
      bundle: true,
      format: "esm",
      platform: "node",
      outdir: "out",
      logLevel: "silent",
      plugins: [unglue.esbuild(options)],
    });
    return warnings.map(({ text }) => text);
  },
};

const reexport = (specifier: string): string => `export { default, source } from ${JSON.stringify(specifier)};\n`;

/** Calls the function of a module that answers with a number. */
async function answerOf({ default: declaration, source }: Served, name: string): Promise<unknown> {
  const wasm = await load(source, declaration);
  return (wasm.api as Record<string, () => unknown>)[name]?.();
}

const cwd = process.cwd();
afterEach(() => process.chdir(cwd));

describe.each(Object.entries(builds))("%s", (_, build) => {
  it("gives a package's address and declaration, which answer as its own JavaScript", async () => {
    const root = project({ "main.js": reexport("prqlc?unglue") });
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(root, "node_modules"));
    expect(await build(root, { cacheDir: false })).toEqual([]);
    const { default: prqlc, source } = await run(join(root, "out/main.js"));
    expect(source).toMatch(new RegExp(`^file://.*/out/.*\\.wasm$`));
    const wasm = await load(source, prqlc);
    const theirs = createRequire(import.meta.url)("prqlc/dist/node/prqlc_js.js") as {
      compile: (text: string) => string;
    };
    const text = "from employees | filter age > 30 | take 3";
    expect((wasm.api as { compile: (text: string) => string }).compile(text)).toBe(theirs.compile(text));
    expect(prqlc).not.toHaveProperty("shape");
    expect(envOf(root)).toContain('declare module "prqlc?unglue" {\n  // prqlc/dist/bundler/prqlc_js_bg.wasm\n');
    expect(envOf(root)).toContain("Target to compile to");
  });

  it("serves files whatever their names, from whatever folder", async () => {
    const names = ["a b", "a#b", "a?b", "a%20b", "ä日本", "a!b", "a'b"];
    const files = await Promise.all(
      names.map(async (name, at) => [`sub dir #${at}/${name}.wasm`, await answering("answer", at)] as const),
    );
    const entries = names.map(
      (name, at) => [`entry${at}.js`, reexport(`./sub dir #${at}/${name}.wasm?unglue`)] as const,
    );
    const root = project(Object.fromEntries<string | Uint8Array>([...files, ...entries]));
    const warnings = await build(
      root,
      { cacheDir: false },
      names.map((_, at) => `entry${at}`),
    );
    // All of C's functions of numbers are guessed.
    expect(warnings).toHaveLength(names.length);
    for (const at of names.keys()) {
      expect(await answerOf(await run(join(root, `out/entry${at}.js`)), "answer")).toBe(at);
    }
  });

  it("keeps two versions of a package apart", async () => {
    const pack = (version: string) => JSON.stringify({ name: "app", version, type: "module" });
    const root = project({
      "node_modules/app/package.json": pack("1.0.0"),
      "node_modules/app/app.wasm": await answering("answer", 1),
      "node_modules/user/package.json": JSON.stringify({ name: "user", version: "1.0.0", type: "module" }),
      "node_modules/user/index.js": `import declaration, { source } from "app?unglue";\nexport { declaration as default, source };\n`,
      "node_modules/user/node_modules/app/package.json": pack("2.0.0"),
      "node_modules/user/node_modules/app/app.wasm": await answering("other", 2),
      "one.js": reexport("app?unglue"),
      "two.js": reexport("./node_modules/user/index.js"),
    });
    const warnings = await build(root, { cacheDir: false }, ["one", "two"]);
    expect(await answerOf(await run(join(root, "out/one.js")), "answer")).toBe(1);
    expect(await answerOf(await run(join(root, "out/two.js")), "other")).toBe(2);
    expect(warnings.join("\n")).toContain('Imports of "app?unglue" name different modules');
  });

  it("imports functions of other packages from where the module's package does", async () => {
    const other = (answer: number): Readonly<Record<string, string>> => ({
      "package.json": '{ "name": "other", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      "index.js": `export const answer = () => ${answer};`,
    });
    const files = Object.entries({
      app: await asking(),
      "app/node_modules/other": other(42),
      other: other(7),
      shared: { ...(await asking()), "package.json": '{ "name": "shared", "version": "1.0.0", "type": "module" }' },
    }).flatMap(([name, all]) => Object.entries(all).map(([path, text]) => [`node_modules/${name}/${path}`, text]));
    const root = project({
      "main.js": 'export { default, source, imports } from "app?unglue";\n',
      "shared.js": 'export { default, source, imports } from "shared?unglue";\n',
      ...(Object.fromEntries(files) as Record<string, string | Uint8Array>),
    });
    await build(root, { cacheDir: false }, ["main", "shared"]);
    for (const [name, answer] of Object.entries({ main: 42, shared: 7 })) {
      const { default: declaration, source, imports } = await run(join(root, `out/${name}.js`));
      const wasm = await load(source, { ...declaration, imports } as object);
      expect((wasm.exports["ask"] as () => unknown)()).toBe(answer);
    }
  });

  it("serves a module that a script embeds", async () => {
    const bytes = Buffer.from(await answering("answer", 5)).toString("base64");
    const root = project({
      "embedded.js": `export const bytes = "${bytes}";`,
      "main.js": reexport("./embedded.js?unglue"),
    });
    await build(root, { cacheDir: false });
    expect(await answerOf(await run(join(root, "out/main.js")), "answer")).toBe(5);
  });

  it("warns of what is guessed or left out, or fails, and has the shape if asked", async () => {
    const root = project({ "main.js": reexport("./app.wasm?unglue"), "app.wasm": await answering("answer", 1) });
    const [warning = "", ...others] = await build(root, { cacheDir: false, shape: true });
    expect(others).toEqual([]);
    expect(warning).toContain("app.wasm, imported by main.js: 1 member is guessed.\n- answer: ");
    expect((await run(join(root, "out/main.js"))).default).toHaveProperty("shape");
    await expect(build(root, { cacheDir: false, holes: "error" })).rejects.toThrow(
      /imported by main\.js: 1 member is guessed/,
    );
  });

  it("fails if the files contradict each other, with the place", async () => {
    const root = project({ "main.js": reexport("./pkg?unglue") });
    copyLz4(root, "pkg");
    const glue = join(root, "pkg/lz4_wasm_bg.js");
    writeFileSync(glue, readFileSync(glue, "utf8").replace("wasm.compress(", "wasm.compressed("));
    await expect(build(root, { cacheDir: false })).rejects.toThrow(
      /pkg\/lz4_wasm_bg\.wasm, imported by main\.js: lz4-wasm\/lz4_wasm_bg\.js:\d+:\d+: .*different builds/s,
    );
  });

  it("names the file that is missing, and what is no module", async () => {
    const root = project({
      "main.js": reexport("./none.wasm?unglue"),
      "bad.js": reexport("./bad.wasm?unglue"),
      "bad.wasm": "<!doctype html>",
    });
    await expect(build(root, { cacheDir: false })).rejects.toThrow(
      `"./none.wasm?unglue", imported by main.js: There is no file ${join(root, "none.wasm")}.`,
    );
    await expect(build(root, { cacheDir: false }, ["bad"])).rejects.toThrow(/bad\.wasm, imported by bad\.js: /);
  });

  it("names the package that is missing, also if the bundler's own resolution throws", async () => {
    const root = project({
      "main.js": reexport("hidden/?unglue"),
      "node_modules/hidden/package.json": '{ "name": "hidden", "version": "1.0.0", "exports": { ".": "./index.js" } }',
      "node_modules/hidden/index.js": "",
    });
    await expect(build(root, { cacheDir: false })).rejects.toThrow(
      '"hidden/?unglue", imported by main.js: No package of the name of "hidden/" is installed.',
    );
  });

  it("writes no types if it is told so, and none without their comments", async () => {
    const root = project({ "main.js": reexport("./pkg?unglue") });
    copyLz4(root, "pkg");
    await build(root, { cacheDir: false, envFile: false });
    expect(readdirSync(root).sort()).toEqual(["main.js", "out", "package.json", "pkg"]);
    await build(root, { cacheDir: false, envFile: "types/env.d.ts", docs: false });
    const text = readFileSync(join(root, "types/env.d.ts"), "utf8");
    expect(text).toContain("compress(input: Uint8Array): Uint8Array;");
    expect(text).not.toContain("@param");
  });
});

describe("the formats of esbuild", () => {
  it.each([
    ["cjs", "node"],
    ["iife", "node"],
    ["esm", "neutral"],
  ] as const)("%s for %s has an address beside the script", async (format, platform) => {
    const root = project({
      "main.js": `import declaration, { source } from "./app.wasm?unglue";\nglobalThis.served(declaration, source);\n`,
      "app.wasm": await answering("answer", 7),
    });
    await esbuild({
      absWorkingDir: root,
      entryPoints: ["main.js"],
      bundle: true,
      format,
      platform,
      outdir: "out/deep",
      logLevel: "silent",
      plugins: [unglue.esbuild({ cacheDir: false, envFile: false })],
      outExtension: { ".js": format === "esm" ? ".mjs" : ".cjs" },
    });
    let served: Served | undefined;
    Object.assign(globalThis, {
      served: (declaration: Served["default"], source: string) => void (served = { default: declaration, source }),
    });
    await run(join(root, `out/deep/main.${format === "esm" ? "mjs" : "cjs"}`));
    expect(served && (await answerOf(served, "answer"))).toBe(7);
  });
});

/** Runs a script that is no module, as a page or a worker does. Returns what it calls `served` with. */
function runScript(code: string, globals: Readonly<Record<string, unknown>>): unknown {
  let address: unknown;
  runInNewContext(code, { URL, served: (given: unknown) => void (address = given), ...globals });
  return address;
}

describe("scripts that are no modules", () => {
  const build: Readonly<Record<string, (root: string, format: "iife" | "umd") => Promise<string>>> = {
    async rolldown(root, format) {
      const plugins = [unglue.rolldown({ cacheDir: false })];
      const bundle = await rolldown({ cwd: root, input: "main.js", plugins, onLog: () => undefined });
      const { output } = await bundle.generate({ format, name: "app", entryFileNames: "js/main.js" });
      return output[0].code;
    },
    async vite(root, format) {
      await vite({
        root,
        configFile: false,
        logLevel: "silent",
        base: "/ignored/",
        plugins: [unglue.vite({ cacheDir: false })],
        build: {
          outDir: "out",
          lib: { entry: "main.js", name: "app", formats: [format], fileName: () => "js/main.js" },
        },
      });
      return readFileSync(join(root, "out/js/main.js"), "utf8");
    },
  };

  it.each(Object.keys(build).flatMap((name) => [[name, "iife"] as const, [name, "umd"] as const]))(
    "of %s in the format %s have an address beside themselves, in pages and workers",
    async (name, format) => {
      const root = project({
        "main.js": 'import { source } from "./app.wasm?unglue";\nglobalThis.served(source);\nexport default 1;\n',
        "app.wasm": await answering("answer", 1),
      });
      const code = (await build[name]?.(root, format)) ?? "";
      const expected = /^https:\/\/example\.org\/x\/(assets\/)?app[\w-]*\.wasm$/;
      const script = "https://example.org/x/js/main.js";
      expect(runScript(code, { document: { currentScript: { src: script } } })).toMatch(expected);
      expect(runScript(code, { location: { href: script } })).toMatch(expected);
      if (format === "iife") return;
      const globals = { require: createRequire(import.meta.url), module: {}, exports: {}, __dirname: "/x/js" };
      expect(runScript(code, globals)).toMatch(/^file:\/\/\/x\/(assets\/)?app[\w-]*\.wasm$/);
    },
  );
});

it("does not serve every bundler, and says which it serves", () => {
  expect(() => void unglue.farm()).toThrow("unglue/plugin does not serve farm. It serves Vite, Rollup, ");
});

describe("the cache", () => {
  it("keeps declarations until a file that decides changes", async () => {
    const root = project({ "main.js": reexport("./pkg?unglue") });
    copyLz4(root, "pkg");
    const files = () => readdirSync(join(root, "cache"));
    const once = () => builds["rollup"]?.(root, { cacheDir: join(root, "cache") });
    await once();
    const [first = ""] = files();
    expect(first).toMatch(/^[\da-f]{64}\.json$/);
    // The kept text is served.
    const kept = join(root, "cache", first);
    writeFileSync(kept, readFileSync(kept, "utf8").replaceAll("compress", "kept"));
    await once();
    expect(envOf(root)).toContain("kept(");
    expect(files()).toEqual([first]);
    writeFileSync(kept, "no JSON");
    await once();
    expect(envOf(root)).toContain("compress(");
    const dts = join(root, "pkg/lz4_wasm.d.ts");
    writeFileSync(dts, readFileSync(dts, "utf8").replace("@returns", "Squeezes.\n* @returns"));
    await once();
    expect(files()).toHaveLength(2);
    expect(envOf(root)).toContain("Squeezes.");
  });

  it("is not needed: a folder that cannot be written keeps nothing", async () => {
    const root = project({ "main.js": reexport("./pkg?unglue"), cache: "a file" });
    copyLz4(root, "pkg");
    expect(await builds["esbuild"]?.(root, { cacheDir: "cache" })).toEqual([]);
  });
});
