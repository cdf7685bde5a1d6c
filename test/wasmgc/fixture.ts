// Vite would replace the expression by the address of an asset.
const here = import.meta.url;

/** The address of a file of `test/fixtures/wasmgc`. */
export function urlOf(name: string): URL {
  return new URL(`../fixtures/wasmgc/${name}`, here);
}

/** Its bytes, in Node and in browsers. */
export async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = urlOf(name);
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(url));
}
