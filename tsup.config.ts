import { defineConfig } from "tsup";

/** One run builds both doors in both formats; splitting keeps what they share in one chunk per format. */
export default defineConfig({
  entry: { node: "src/node.ts", browser: "src/browser.ts" },
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  splitting: true,
  treeshake: false,
  dts: true,
  sourcemap: true,
  clean: true,
  // tsup strips `node:` by default, and then no check can tell a built-in from a package.
  removeNodeProtocol: false,
  external: [/^node:/],
});
