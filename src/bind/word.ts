import type { Calling, Word } from "../public/index.ts";

/** An address as the module takes it. */
export function addressWord({ address }: Pick<Calling, "address">, value: number): Word {
  return address === "i64" ? BigInt(value) : value;
}

/** An address as the module returned it. */
export function addressOf(word: Word): number {
  return typeof word === "bigint" ? Number(BigInt.asUintN(64, word)) : (word as number) >>> 0;
}
