import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { context } from "esbuild";
import { watch as watchRolldown } from "rolldown";
import { watch as watchRollup } from "rollup";
import { build as vite } from "vite";
import { describe, expect, it, onTestFinished } from "vitest";
import { load } from "../../src/node.ts";
import { unglue } from "../../src/plugin/index.ts";
import { answering, envOf, project, run } from "./project.ts";

/** Builds `main.js` into `out` each time that a file changes. */
const watches: Readonly<Record<string, (root: string) => Promise<unknown>>> = {
  rollup(root) {
    const watcher = watchRollup({
      input: join(root, "main.js"),
      output: { dir: join(root, "out") },
      plugins: [unglue.rollup({ cacheDir: false, envFile: join(root, "unglue-env.d.ts") })],
      logLevel: "silent",
    });
    onTestFinished(() => watcher.close());
    return Promise.resolve();
  },
  rolldown(root) {
    const watcher = watchRolldown({
      cwd: root,
      input: "main.js",
      output: { dir: "out" },
      plugins: [unglue.rolldown({ cacheDir: false })],
      logLevel: "silent",
    });
    onTestFinished(() => watcher.close());
    return Promise.resolve();
  },
  async vite(root) {
    const watcher = await vite({
      root,
      configFile: false,
      logLevel: "silent",
      plugins: [unglue.vite({ cacheDir: false })],
      build: { ssr: "main.js", outDir: "out", watch: {} },
    });
    onTestFinished(async () => {
      if ("close" in watcher) await watcher.close();
    });
  },
  async esbuild(root) {
    const build = await context({
      absWorkingDir: root,
      entryPoints: ["main.js"],
      bundle: true,
      format: "esm",
      platform: "node",
      outdir: "out",
      logLevel: "silent",
      plugins: [unglue.esbuild({ cacheDir: false })],
    });
    onTestFinished(() => build.dispose());
    await build.watch();
  },
};

describe.each(Object.entries(watches))("%s, watching", (_, watch) => {
  it("declares again if the module changes, also after a failure", async () => {
    const root = project({
      "main.js": 'export { default, source } from "./app.wasm?unglue";\n',
      "app.wasm": await answering("one", 1),
    });
    const answers = async (name: string, expected: number): Promise<void> => {
      for (const end = Date.now() + 15_000; ; await new Promise((done) => setTimeout(done, 100))) {
        try {
          const { default: declaration, source } = await run(join(root, "out/main.js"));
          const wasm = await load(source, declaration);
          expect((wasm.api as Record<string, () => unknown>)[name]?.()).toBe(expected);
          return;
        } catch (error) {
          if (Date.now() > end) throw error;
        }
      }
    };
    await watch(root);
    await answers("one", 1);
    writeFileSync(join(root, "app.wasm"), await answering("two", 2));
    await answers("two", 2);
    expect(envOf(root)).toContain("two(): number;");
    writeFileSync(join(root, "app.wasm"), "half of a file");
    await new Promise((done) => setTimeout(done, 500));
    writeFileSync(join(root, "app.wasm"), await answering("three", 3));
    await answers("three", 3);
  }, 60_000);
});
