/** The programs of `test/fixtures/go`, by version. */
export const versions = ["1.21", "1.26"] as const;

/** Returns a module of `test/fixtures/go`, in Node and in browsers. */
export async function goBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await bytesOf(new URL(`../fixtures/go/${name}.wasm.gz`, import.meta.url));
  // A server may have said that this is an encoding, which the browser has undone then.
  if (packed[0] !== 0x1f) return packed;
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Returns the bytes of a file. */
export async function bytesOf(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol !== "file:") return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(url));
}

/** Any function that a program sets. */
export type GoFunction = (...args: unknown[]) => unknown;

/** The functions that the program sets when it serves. */
export type Served = Readonly<Record<string, GoFunction>>;
