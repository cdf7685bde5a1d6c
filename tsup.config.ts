import { defineConfig } from "tsup";

const doors = {
  node: "src/node.ts",
  browser: "src/browser.ts",
  ledger: "src/ledger/index.ts",
  "wasm-bindgen": "src/wasm-bindgen/index.ts",
};

/** What the doors export, in files of their own: a bundler takes or leaves, and splits a page by, whole files. */
const apart = Object.fromEntries(
  ["inspect", "trampoline-bytes", "browser-load", "browser-module", "node-load", "node-module"].map((name) => [
    name,
    `src/${name}.ts`,
  ]),
);

/** One run builds both doors in both formats; splitting keeps what they share in one chunk per format. */
export default defineConfig({
  entry: { ...doors, ...apart },
  format: ["esm", "cjs"],
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
  },
  external: [/^node:/],
  plugins: [
    {
      // esbuild has a door import every chunk behind it, for side effects that none has. Another esbuild then puts into a
      // page at first what `load` leaves to later. The empty lines that remain are for the source map.
      name: "no-bare-imports",
      renderChunk: (code) => ({ code: code.replaceAll(/^import "\.\/[^"]+";$/gm, "") }),
    },
  ],
});
