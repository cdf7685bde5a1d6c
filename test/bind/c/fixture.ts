/** The address of a module that clang made of the source beside it. */
export function fixtureUrl(name: string): URL {
  return new URL(`../../fixtures/clang/${name}.wasm`, import.meta.url);
}

/** Its bytes, in Node and in browsers. */
export async function fixtureBytes(name: string): Promise<Uint8Array> {
  const url = fixtureUrl(name);
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import("node:fs/promises");
  return readFile(url);
}
