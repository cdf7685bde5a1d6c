import { join } from "node:path";
import ts from "typescript";
import { sourcesOn } from "../scripts/entry-points.mjs";

const root = join(import.meta.dirname, "..");

/**
 * Returns the compiler's options for code in the documentation, where the package's names are its sources for Node.
 *
 * @param libs - Libraries besides those of the language and of browsers.
 */
export function documentedCode(...libs: readonly string[]): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", ...libs],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: Object.fromEntries(Object.entries(sourcesOn("node")).map(([name, source]) => [name, [join(root, source)]])),
  };
}
