import { availableParallelism } from "node:os";
import { join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { sourcesOn } from "../scripts/entry-points.mjs";
import { chromiumArgs, findChromium } from "./setup/chromium.mjs";

const root = join(import.meta.dirname, "..");
const executablePath = findChromium();

const needBuild = [
  "test/offload/jspi.test.ts",
  "test/offload/offload.test.ts",
  "test/leaks/leaks.test.ts",
  "test/package.test.ts",
  "test/docs.test.ts",
  "test/pages.test.ts",
  "test/policy.test.ts",
  "test/cli/built.test.ts",
  "test/cli/guide.test.ts",
  "test/pollution.test.ts",
  "test/wasi/offload.test.ts",
  "test/assemblyscript/offload.test.ts",
  "test/napi/offload.test.ts",
  "test/go/offload.test.ts",
];

/** Chromium and the package as built, side by side, once the tests in Node have had every processor. */
const afterNode = { maxWorkers: Math.max(1, availableParallelism() - 1), sequence: { groupOrder: 1 } };

/** More than half of the time that all of Node's tests take: whole packages, every mutant, and calls by the thousand. */
const heavy = [
  "test/assemblyscript/leaks.test.ts",
  "test/bind/echo.both.test.ts",
  "test/bind/hosts/echo.both.test.ts",
  "test/bind/shown.test.ts",
  "test/bind/c/convention*.test.ts",
  "test/instance/restart-hostile.both.test.ts",
  "test/limits/rewrite.both.test.ts",
  "test/memory/allocator.both.test.ts",
  "test/pollution-names.test.ts",
  "test/source/unhandled.both.test.ts",
  "test/utf8.both.test.ts",
  "test/wasi/go.test.ts",
  "test/fuzz/**/*.test.ts",
  "test/packages/**/*.test.ts",
  "test/reflect/mutation.both.test.ts",
  "test/known/declarations.both.test.ts",
];

/**
 * Node: everything but what needs a browser, a build or patience. Each file has a process of its own: one process of Node 20
 * has addresses for a hundred memories, and aborts after that.
 */
const node: TestProjectConfiguration = {
  root,
  resolve: { alias: sources("node") },
  test: {
    name: "node",
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.browser.test.ts", ...needBuild, ...heavy],
    testTimeout: 20_000,
    maxWorkers: availableParallelism(),
    execArgv: ["--disable-warning=ExperimentalWarning"],
  },
};

/** Node too: what `npm test` runs and `npm run check` does not wait for. */
const nodeHeavy: TestProjectConfiguration = {
  ...node,
  test: {
    ...node.test,
    name: "node-heavy",
    include: heavy,
    exclude: ["test/**/*.browser.test.ts"],
  },
};

/** Real Chromium: the same suite as in Node, and what only a browser can show. */
const chromium: TestProjectConfiguration = {
  root,
  resolve: { alias: sources("browser") },
  // Cross-origin isolation: without it there is no SharedArrayBuffer.
  server: {
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
  test: {
    name: "chromium",
    include: ["test/**/*.both.test.ts", "test/**/*.browser.test.ts", "test/fuzz/calls/*.test.ts"],
    globalSetup: ["test/setup/need-chromium.ts"],
    testTimeout: 20_000,
    ...afterNode,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { ...(executablePath && { executablePath }), args: chromiumArgs } }),
      instances: [{ browser: "chromium" }],
    },
  },
};

/** The public types, by the compiler. */
const types: TestProjectConfiguration = {
  root,
  test: {
    name: "types",
    include: [],
    typecheck: { enabled: true, only: true, include: ["test/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
  },
};

/** The package as built: wants `npm run build` first. */
const dist: TestProjectConfiguration = {
  root,
  test: { name: "package", include: needBuild, testTimeout: 60_000, ...afterNode },
};

export default defineConfig({
  root,
  test: {
    globalSetup: ["test/setup/wasm-server.ts"],
    // One line a file: what passes has nothing to say.
    silent: "passed-only",
    slowTestThreshold: 30_000,
    reporters: ["default"],
    projects: [node, nodeHeavy, chromium, types, dist],
  },
});

/** Tests import the package by its name and get the source of an entry point. */
function sources(platform: "node" | "browser") {
  return Object.entries(sourcesOn(platform)).map(([name, source]) => ({
    find: new RegExp(`^${name}$`),
    replacement: join(root, source),
  }));
}
