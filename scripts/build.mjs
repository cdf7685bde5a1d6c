// `npm run build`: dist/ in both formats. tsup builds ECMAScript modules and their types; the CommonJS files are made of these,
// file by file, so that the code stays the same: what tsup has for CommonJS in chunks rewrites it for old engines.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle, transform } from "esbuild";
import { build } from "tsup";
import { buildCli } from "./build-cli.mjs";
import { entryPoints } from "./entry-points.mjs";
import { safeHelpers } from "./helpers.mjs";
import { markPure } from "./pure.mjs";

/** The files that are part of the entry point for Node. A bundler can still leave out what is not used of them. */
const smallFiles = new Set(
  ["node-load", "node-compile", "inspect", "trampoline-bytes", "unglue-node", "unglue-compile", "unglue-inspect"]
    .concat(["unglue-messages", "unglue-sources", "unglue-wasm-bindgen-abi", "unglue-wasm-bindgen-shape"])
    .map((name) => `${name}.js`),
);
/** How the entry points are bundled that are more than one built file. */
const bundling = {
  bundle: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  sourcemap: true,
  minifySyntax: true,
  logLevel: "error",
};
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const importMetaUrl = (await readFile(new URL("import-meta-url.js", import.meta.url), "utf8"))
  .replace(/^export /m, "")
  .replace(/^\/[*/].*\n/gm, "");

await build({ silent: process.argv.includes("--silent") });
await Promise.all([buildWhole(), buildNode(), buildCli()]);
const names = await readdir(dist);
await Promise.all([
  ...names.filter((name) => name.endsWith(".js")).map(toCommonJs),
  ...names.filter((name) => name.endsWith(".d.ts")).map(toCommonTypes),
]);

/** The entry point that is one file, for where nothing can be imported later. */
async function buildWhole() {
  const { file: name, source } = entryPoints.find(({ whole }) => whole);
  const file = join(dist, `${name}.js`);
  await bundle({
    entryPoints: [join(dist, "..", source)],
    outfile: file,
    ...bundling,
  });
  await writeFile(file, safeHelpers(await readFile(file, "utf8")));
}

/**
 * Puts into the entry point for Node the files that it would import first and that little else does. Node takes most of a
 * millisecond for each file, and a page never has this one. The files stay: other entry points import some of them.
 */
async function buildNode() {
  const file = join(dist, "node.js");
  await bundle({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    ...bundling,
    external: ["node:*"],
    plugins: [
      {
        name: "small-files-inside",
        setup: (to) =>
          to.onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, kind }) =>
            kind === "import-statement" && smallFiles.has(path.slice(2)) ? undefined : { path, external: true },
          ),
      },
    ],
  });
  await writeFile(file, markPure(safeHelpers(await readFile(file, "utf8"))));
}

async function toCommonJs(name) {
  const source = inCommonNames(await readFile(join(dist, name), "utf8"))
    // A literal is a chunk or a built-in; any other is the address of a user's module, which need not be CommonJS. Jest
    // refuses every import() that is left.
    .replaceAll(/\bimport\(("(?:\.\/|node:)[^"]+")\)/g, "Promise.resolve().then(() => require($1))");
  const map = Buffer.from(await readFile(join(dist, `${name}.map`))).toString("base64");
  const usesUrl = source.includes("import.meta.url");
  const output = name.replace(/js$/, "cjs");
  const { code, map: outputMap } = await transform(
    source.replace(/\/\/# sourceMappingURL=.*\s*$/, "") +
      `\n//# sourceMappingURL=data:application/json;base64,${map}\n`,
    {
      format: "cjs",
      // Names the exports where Node looks for them.
      platform: "node",
      target: "es2022",
      sourcemap: "external",
      sourcefile: name,
      define: usesUrl ? { "import.meta.url": "importMetaUrl" } : {},
      // As ECMAScript modules are.
      banner: `"use strict";${usesUrl ? `\n${importMetaUrl}` : ""}`,
    },
  );
  await writeFile(join(dist, output), `${safeHelpers(code)}//# sourceMappingURL=${output}.map\n`);
  await writeFile(join(dist, `${output}.map`), outputMap);
}

async function toCommonTypes(name) {
  const types = (await readFile(join(dist, name), "utf8"))
    // Its types are those of an ECMAScript module alone.
    .replaceAll(
      /^import (\{.*\}) from (['"])unplugin\2;/gm,
      'import type $1 from "unplugin" with { "resolution-mode": "import" };',
    );
  await writeFile(join(dist, name.replace(/ts$/, "cts")), inCommonNames(types));
}

/** Names the files of the package as CommonJS has them. */
function inCommonNames(code) {
  return code.replaceAll(/(\bfrom |\bimport\()(["'])(\.\/[^"']+)\.js\2/g, "$1$2$3.cjs$2");
}
