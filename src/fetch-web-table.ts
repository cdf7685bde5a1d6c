/**
 * Fetches the second table of declarations, for modules whose imports the first leaves unknown.
 *
 * @returns Its text; `undefined` where this platform cannot decompress it.
 */
export async function fetchWebTable(): Promise<string | undefined> {
  const [{ packedWebTable }, { unpack }] = await Promise.all([import("./packed-web-table.ts"), import("./unpack.ts")]);
  return unpack(packedWebTable);
}
