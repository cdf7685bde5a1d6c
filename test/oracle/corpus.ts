import { assembled } from "./assembled.ts";
import { binaryenModules } from "./binaryen.ts";
import { wat } from "../wat.ts";
import { texts } from "./texts.ts";

/** Modules by name, in groups: what needs nothing but npm packages to make. */
export async function makeCorpus(): Promise<Map<string, (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[]>> {
  const compiled = Object.entries(texts).map(async ([name, text]) => [name, await wat(text, { names: true })] as const);
  return new Map([
    ["assembled by wabt", await Promise.all(compiled)],
    ["assembled by binaryen", binaryenModules()],
    ...Object.entries(assembled).map(([group, make]) => [group, make()] as const),
  ]);
}
