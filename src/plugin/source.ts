import { createHash } from "node:crypto";
import { basename, dirname, extname } from "node:path";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import type { DeclaredModule } from "./declarations.ts";

/** The address of a module as code: statements before, and the expression. */
export interface SourceCode {
  readonly before?: string;
  readonly expression: string;
}

/**
 * The name of a module's file in the output.
 *
 * @param module - The module.
 */
export function fileNameOf({ path }: DeclaredModule): string {
  const stem = basename(path, extname(path)).replaceAll(/[^\w.-]+/g, "_");
  return `${stem.replace(/^\.+/, "") || "module"}.wasm`;
}

/**
 * A hash of a module's bytes, in hexadecimal digits.
 *
 * @param module - The module.
 */
export function hashOf({ bytes }: DeclaredModule): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

/**
 * The address for a program that runs in Node from its sources: the file.
 *
 * @param module - The module.
 */
export function fileSource(module: DeclaredModule): SourceCode {
  return { expression: JSON.stringify(module.isEmbedded ? dataUrl(module) : pathToFileURL(module.path).href) };
}

/**
 * The address for webpack and Rspack, which emit what stands in `new URL`.
 *
 * @param module - The module.
 */
export function urlSource(module: DeclaredModule): SourceCode {
  // These signs divide loaders, queries and fragments. webpack escapes two of them, but fails on a folder with an escape.
  const isPlain = !module.isEmbedded && !/[!?#]/.test(module.path);
  const request = isPlain ? module.path : dataUrl(module);
  return { expression: `new URL(${JSON.stringify(request)}, import.meta.url).href` };
}

/** The address of a script that is no module, in a page or a worker. */
const classicScript = 'typeof document === "object" ? document.currentScript?.src || document.baseURI : location.href';

/**
 * The address for esbuild, whose `file` loader gives a path from the script.
 *
 * @param id - The import that gets that path.
 * @param format - The format of the output.
 * @param isNode - Whether the output is for Node.
 */
export function esbuildSource(id: string, format: string, isNode: boolean): SourceCode {
  const before = `import file from ${JSON.stringify(id)};\n`;
  if (format === "esm") return { before, expression: "new URL(file, import.meta.url).href" };
  if (isNode) {
    return {
      before: `${before}import { pathToFileURL } from "node:url";\n`,
      expression: "new URL(file, pathToFileURL(__filename)).href",
    };
  }
  return { before, expression: `new URL(file, ${classicScript}).href` };
}

/**
 * The address of a file beside a chunk, for Node.
 *
 * @param fileName - The file in the output.
 * @param chunk - The chunk in the output.
 * @param format - The chunk's format.
 */
export function besideChunk(fileName: string, chunk: string, format: string): string {
  const path = posix.relative(dirname(chunk), fileName);
  if (format !== "cjs") return `new URL(${JSON.stringify(path)}, import.meta.url).href`;
  return `require("node:url").pathToFileURL(require("node:path").join(__dirname, ${JSON.stringify(path)})).href`;
}

/**
 * The address of a file beside a script that is no module, for browsers. In Node a script of the format `umd` is CommonJS.
 *
 * @param fileName - The file in the output.
 * @param chunk - The script in the output.
 * @param format - The script's format; `undefined` is returned for one that has addresses by itself.
 */
export function besideScript(fileName: string, chunk: string, format: string): string | undefined {
  if (format !== "iife" && format !== "umd") return undefined;
  const inPage = `new URL(${JSON.stringify(posix.relative(dirname(chunk), fileName))}, ${classicScript}).href`;
  return format === "iife" ? inPage : `typeof module === "object" ? ${besideChunk(fileName, chunk, "cjs")} : ${inPage}`;
}

function dataUrl({ bytes }: DeclaredModule): string {
  return `data:application/wasm;base64,${Buffer.from(bytes).toString("base64")}`;
}
