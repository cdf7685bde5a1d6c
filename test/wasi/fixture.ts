/** The address of a module of `test/fixtures/wasi`. */
export function wasiUrl(name: string): URL {
  return new URL(`../fixtures/wasi/${name}.wasm`, import.meta.url);
}

/** Its bytes, in Node and in browsers. */
export async function wasiBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = wasiUrl(name);
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(url));
}

/** Collects bytes as text. */
export function collector() {
  const parts: Uint8Array[] = [];
  const write = (bytes: Uint8Array): void => void parts.push(bytes);
  const text = (): string => {
    const decoder = new TextDecoder();
    return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  };
  return { write, text, parts };
}
