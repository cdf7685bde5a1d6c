/** A folder of programs that `test/go/versions.mjs` has built by further versions, and these versions. */
const { env } = (globalThis as { readonly process?: { readonly env: Record<string, string | undefined> } }).process ?? {
  env: {},
};
const further = env["UNGLUE_GO_VERSIONS"]?.split(" ") ?? [];

/** The versions of Go whose programs are tested: those of `test/fixtures/go`, and the further ones. */
export const versions: readonly string[] = ["1.21", ...further, "1.26"];

/** Returns a module of `test/fixtures/go`, in Node and in browsers; or one that was built by a further version. */
export async function goBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (further.includes(name.replace("program-", ""))) return bytesOf(new URL(`${name}.wasm`, env["UNGLUE_GO_FOLDER"]));
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
