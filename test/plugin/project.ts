import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import type { DeclarationFile } from "../../src/public/index.ts";
import { wat } from "../wat.ts";

/** The package that most tests import: its bytes, generated JavaScript and types. */
export const lz4 = new URL("../../node_modules/lz4-wasm/", import.meta.url);

/** The exports of a module of the plugin. */
export interface Served {
  readonly default: DeclarationFile<never>;
  readonly source: string;
  readonly imports?: object;
}

/** A project in a folder that is removed when the test has ended. */
export function project(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "unglue-plugin-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  write(root, { "package.json": '{ "private": true, "type": "module" }', ...files });
  return root;
}

/** Writes files of a project. */
export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contents);
  }
}

/** Copies the package into a folder of a project: what the toolchain writes, and its `package.json`. */
export function copyLz4(root: string, folder: string): void {
  cpSync(lz4, join(root, folder), { recursive: true });
}

/** The types that the plugin has written. */
export function envOf(root: string): string {
  return readFileSync(join(root, "unglue-env.d.ts"), "utf8");
}

/** A module with an export of a name, and a number that it returns. */
export function answering(name: string, answer: number): Promise<Uint8Array> {
  return wat(`(module (func (export "${name}") (result i32) (i32.const ${answer})))`);
}

/** Imports a file that a bundler has written. */
export async function run(path: string): Promise<Served> {
  return (await import(`${pathToFileURL(path).href}?${Math.random()}`)) as Served;
}
