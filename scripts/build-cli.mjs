// The command `unglue` and the plugin for bundlers, in dist/cli and dist/plugin: a build of its own, so that nothing of it reaches
// the library's files. They import the library as users do. The packages that they use are built in, except unplugin, which finds
// its loaders beside itself. The parser is a file that is only loaded by what needs it.
import { rm, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = join(root, "dist");

/** Builds the command and the plugin. The library has to be built before, because they import it. */
export async function buildCli() {
  for (const folder of ["cli", "plugin"]) await rm(join(out, folder), { recursive: true, force: true });
  await build({
    entryPoints: { "cli/main": join(root, "src/cli/main.ts"), "plugin/index": join(root, "src/plugin/index.ts") },
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "cli/[name]-[hash]",
    external: ["unplugin"],
    minifySyntax: true,
    legalComments: "none",
    logLevel: "error",
    banner: {
      // Packages in CommonJS call it for Node's own modules.
      js: `import { createRequire as createCommandRequire } from "node:module";\nconst require = createCommandRequire(import.meta.url);`,
    },
    plugins: [libraryOutside],
  });
  // unplugin is an ECMAScript module alone, which Node can require in all versions that this package supports.
  await writeFile(join(out, "plugin/index.cjs"), '"use strict";\nmodule.exports = require("./index.js");\n');
}

/** The built files of the entry points that the command imports. */
const libraryFiles = {
  "node.ts": "node",
  "entries/wasi-node.ts": "wasi-node",
  "entries/wasm-bindgen.ts": "wasm-bindgen",
};

/** Leaves the library's entry points to the package. */
const libraryOutside = {
  name: "library-outside",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const name = relative(join(root, "src"), join(resolveDir, path)).split(sep).join("/");
      const file = libraryFiles[name];
      return file === undefined ? undefined : { path: `../${file}.js`, external: true };
    });
  },
};
