import { binaryenModules } from "../oracle/binaryen.ts";
import { texts } from "../oracle/texts.ts";
import { wat } from "../wat.ts";
import { listModules, moduleBytes } from "../packages/modules.mjs";
import { type Parent, parentOf, stub } from "./mutate.ts";

/**
 * The modules that mutants are made of, with their code cut down: those of other packages, and one for each feature of
 * the format.
 */
export async function makeParents(): Promise<Parent[]> {
  const parents: Parent[] = [];
  for (const name of await listModules()) parents.push(parentOf(name, new Uint8Array(await moduleBytes(name))));
  for (const [name, text] of Object.entries(texts)) parents.push(parentOf(name, await wat(text, { names: true })));
  for (const [name, bytes] of binaryenModules()) parents.push(parentOf(name, bytes));
  return parents.map(stub);
}
