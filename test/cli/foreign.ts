import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type StdinOptions } from "esbuild";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration, type Written } from "../../src/cli/declare/write.ts";

const built = join(import.meta.dirname, "../fixtures/foreign/built");

/** The builds of a crate that imports JavaScript in every way: versions and targets. */
export const foreignBuilds: readonly string[] = readdirSync(built).sort();

/** The module of a build. */
export function foreignModulePath(name: string): string {
  return join(built, name, "foreign_bg.wasm");
}

/**
 * Writes the declaration file of a build.
 *
 * @param name - The build.
 * @param folder - The folder that the file will be in.
 */
export async function declareForeign(name: string, folder: string): Promise<Written> {
  const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare", folder };
  return writeDeclaration(await findInputs(foreignModulePath(name), {}), options);
}

/** The modules that the page has no file for. */
const stubs: Readonly<Record<string, string>> = {
  "node:path":
    "export const basename = (path, end = '') => path.slice(path.lastIndexOf('/') + 1).slice(0, end === '' ? undefined : -end.length);" +
    "export const posix = { join: (...parts) => parts.join('/').replace(/[^/]+\\/\\.\\.\\//, '') };",
  words: "export const add_words = (first, second) => first + second;",
};

/** Writes the declaration file of a build, with all that it imports in one script, as a bundler does. */
export async function bundleForeign(name: string): Promise<string> {
  const { js } = await declareForeign(name, built);
  return bundled({ contents: js, resolveDir: built, sourcefile: "declaration.mjs" });
}

/** Bundles the generated JavaScript of a build for the web, which takes the module as bytes. */
export async function bundleForeignGlue(name: string): Promise<string> {
  const resolveDir = join(built, name);
  // The bytes are given, so the address of the module is not needed.
  const contents = (await readFile(join(resolveDir, "foreign.js"), "utf8")).replaceAll("import.meta.url", '""');
  return bundled({ contents, resolveDir, sourcefile: "foreign.mjs" });
}

async function bundled(stdin: StdinOptions): Promise<string> {
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
    plugins: [
      {
        name: "stubs",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^(node:path|words)$/ }, ({ path }) => ({ path, namespace: "stubs" }));
          onLoad({ filter: /.*/, namespace: "stubs" }, ({ path }) => ({ contents: stubs[path] ?? "" }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}
