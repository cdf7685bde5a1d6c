/**
 * Restores ASCII text that was compressed as raw deflate and written in base64.
 *
 * @param packed - The base64.
 * @returns `undefined` where the runtime cannot decompress.
 */
export async function unpack(packed: string): Promise<string | undefined> {
  if (typeof DecompressionStream !== "function") return undefined;
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  // What fails there fails the reader, too.
  writer.write(fromBase64(packed)).catch(() => undefined);
  writer.close().catch(() => undefined);
  // Audio worklets have no `Response`.
  if (typeof Response === "function") return new Response(readable).text();
  const reader = readable.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    for (let at = 0; at < value.length; at += batch) text += String.fromCharCode(...value.subarray(at, at + batch));
  }
}

/** So many arguments every engine takes in a call. */
const batch = 4096;

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  // Several times as fast, and audio worklets do not have it.
  if (typeof atob === "function") return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const values = new Map(Array.from(digits, (digit, value) => [digit, value]));
  const bytes = new Uint8Array(Math.floor((text.replace(/=+$/, "").length * 3) / 4));
  let size = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; size < bytes.length; at++) {
    bits = ((bits << 6) | (values.get(text.charAt(at)) ?? 0)) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[size++] = bits >> count;
  }
  return bytes;
}
