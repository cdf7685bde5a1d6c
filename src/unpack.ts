/**
 * Restores a text that was compressed as raw deflate and written in base64.
 *
 * @param packed - What was written.
 * @returns `undefined` where the runtime cannot decompress.
 */
export async function unpack(packed: string): Promise<string | undefined> {
  if (typeof DecompressionStream !== "function") return undefined;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
