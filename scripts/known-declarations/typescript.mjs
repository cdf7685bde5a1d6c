// The library's own modules, for scripts.

import { build } from "esbuild";

/**
 * Imports a TypeScript module with what it imports.
 *
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function importTypeScript(path) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
