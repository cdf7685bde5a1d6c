import { defineConfig } from "tsup";
import entryPoints from "./entry-points.json" with { type: "json" };
import packageJson from "./package.json" with { type: "json" };
import { splitFiles } from "./scripts/files.mjs";
import { safeHelpers } from "./scripts/helpers.mjs";
import { markPure } from "./scripts/pure.mjs";

const byFile = (some: readonly { readonly file: string; readonly source: string }[]) =>
  Object.fromEntries(some.map(({ file, source }) => [file, source]));

/** `scripts/build.mjs` makes the entry point that is a single file, and those that are built with the command. */
const { entry, plugin } = splitFiles(byFile(entryPoints.filter(({ whole, command }) => !whole && !command)));

const { homepage } = packageJson as { readonly homepage?: string };

/** Builds the ECMAScript modules and their types. `scripts/build.mjs` makes CommonJS of them. */
export default defineConfig({
  entry,
  format: ["esm"],
  platform: "neutral",
  target: "es2022",
  splitting: false,
  esbuildPlugins: [plugin],
  treeshake: false,
  dts: { entry: byFile(entryPoints.filter(({ types }) => types)) },
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
  define: {
    // Parcel adds a module for the global that devalue looks for in Node.
    Buffer: "globalThis.Buffer",
    // Messages end with the address of their code there. Without a homepage it is the page in the package.
    ...(homepage !== undefined && { DOCS_OF_ERRORS: JSON.stringify(new URL("errors.html", homepage).href) }),
  },
  external: [/^node:/],
  // A worker's script has to load without a bundler, and no import map counts in a worker: comlink (5 kB) is built in, and so is
  // devalue, which is in no file that is loaded at first.
  noExternal: ["comlink", "devalue"],
  plugins: [
    {
      // A list of types alone leaves an import of nothing. The empty lines that remain are for the source map.
      name: "without-effects",
      renderChunk: (code) => ({ code: markPure(safeHelpers(code.replaceAll(/^import "\.\/[^"]+";$/gm, ""))) }),
    },
  ],
});
