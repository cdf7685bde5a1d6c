import { defineConfig } from "tsup";
import { safeHelpers } from "./scripts/helpers.mjs";

const doors = {
  node: "src/node.ts",
  browser: "src/browser.ts",
  ledger: "src/ledger/index.ts",
  "wasm-bindgen": "src/entries/wasm-bindgen.ts",
  "wasm-bindgen-web": "src/toolchains/wasm-bindgen/known/web-table.ts",
  "offload-node": "src/offload/index.ts",
  "offload-browser": "src/offload/browser.ts",
};

/** What `unglue/offload` has its workers run: scripts with no exports for anyone else. */
const workers = {
  "offload-node-worker": "src/offload/node-worker.ts",
  "offload-worker": "src/offload/browser-worker.ts",
};

/** What the doors export, in files of their own: a bundler takes or leaves, and splits a page by, whole files. */
const apart = Object.fromEntries(
  ["inspect", "trampoline-bytes", "browser-load", "browser-module", "node-load", "node-module"].map((name) => [
    name,
    `src/${name}.ts`,
  ]),
);

/** Builds the ECMAScript modules; splitting keeps what the doors share in one chunk. `scripts/build.mjs` makes CommonJS of them. */
export default defineConfig({
  entry: { ...doors, ...workers, ...apart },
  format: ["esm"],
  platform: "neutral",
  target: "es2022",
  splitting: true,
  treeshake: false,
  dts: { entry: doors },
  sourcemap: true,
  clean: true,
  // tsup strips `node:` by default, and then no check can tell a built-in from a package.
  removeNodeProtocol: false,
  esbuildOptions: (options) => {
    // Puts constants where they stand: once they are variables of a chunk, no bundler does. Names and lines stay.
    options.minifySyntax = true;
    // comlink's adapter for Node has no other extension.
    options.resolveExtensions = [".ts", ".js", ".mjs"];
  },
  external: [/^node:/],
  // A worker's script has to load without a bundler, and no import map counts in a worker: comlink (5 kB) is built in.
  noExternal: ["comlink"],
  plugins: [
    {
      // esbuild has a door import every chunk behind it, for side effects that none has. Another esbuild then puts into a
      // page at first what `load` leaves to later. The empty lines that remain are for the source map.
      name: "no-bare-imports",
      renderChunk: (code) => ({ code: safeHelpers(code.replaceAll(/^import "\.\/[^"]+";$/gm, "")) }),
    },
  ],
});
