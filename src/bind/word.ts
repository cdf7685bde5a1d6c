import type { Calling, Word } from "../public/index.ts";

/** Converts an address to the word that the module takes. */
export function addressWord({ address }: Pick<Calling, "address">, value: number): Word {
  return address === "i64" ? BigInt(value) : value;
}

/** Converts a word that the module returned to an address. */
export function addressOf(word: Word): number {
  return typeof word === "bigint" ? Number(BigInt.asUintN(64, word)) : (word as number) >>> 0;
}
