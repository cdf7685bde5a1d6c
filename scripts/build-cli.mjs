// The command `unglue`, in dist/cli: a build of its own, so that nothing of it reaches the library's files. It imports the library
// as users do. The packages that it uses are built in, and the parser is a file that only the commands which need it load.
import { rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = join(root, "dist/cli");

/** Builds the command. The library has to be built before, because the command imports it. */
export async function buildCli() {
  await rm(out, { recursive: true, force: true });
  await build({
    entryPoints: { main: join(root, "src/cli/main.ts") },
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "[name]-[hash]",
    minifySyntax: true,
    legalComments: "none",
    logLevel: "error",
    banner: {
      // Packages in CommonJS call it for Node's own modules.
      js: `import { createRequire as createCommandRequire } from "node:module";\nconst require = createCommandRequire(import.meta.url);`,
    },
    plugins: [libraryOutside],
  });
}

/** Leaves the library's entry points to the package. */
const libraryOutside = {
  name: "library-outside",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const name = relative(join(root, "src"), join(resolveDir, path)).split(sep).join("/");
      const file = { "node.ts": "node", "entries/wasi-node.ts": "wasi-node" }[name];
      return file === undefined ? undefined : { path: `../${file}.js`, external: true };
    });
  },
};
