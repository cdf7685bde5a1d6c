import { join } from "node:path";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import type { DeclarationFile } from "../../src/node.ts";
import { installed } from "./index.mjs";

const made = new Map<string, Promise<DeclarationFile<unknown>>>();

/**
 * Writes the declaration file of a package's module, at the first call.
 *
 * @param name - The package's name in the list.
 */
export function declarationOf(name: string): Promise<DeclarationFile<unknown>> {
  const found = made.get(name) ?? write(name);
  made.set(name, found);
  return found;
}

async function write(name: string): Promise<DeclarationFile<unknown>> {
  const path = installed.find((one) => one.name === name)?.path ?? `${name}.wasm`;
  const inputs = await findInputs(join("node_modules", path), {});
  const options = { withDocs: false, withShape: true, version: "0.0.0", command: "unglue declare", folder: "." };
  return (await writeDeclaration(inputs, options)).file;
}
