import { unsigned } from "./encode.ts";
import type { Definition, DefiningSection } from "../reflect/definitions.ts";

/** The maximums to write, by kind and by index among the module's own definitions; `undefined` leaves one as it is. */
export type Maximums = { readonly [kind in DefiningSection["kind"]]: readonly (number | undefined)[] };

/** The limits flag for a maximum. */
const hasMaximum = 1;

/**
 * Writes maximums into the definitions of memories and tables. All other bytes stay the same, except the sizes of these
 * sections.
 *
 * @param bytes - The module, or its head; it is not written to.
 * @param sections - The sections with its definitions.
 * @param maximums - The maximums to write.
 * @returns A new module; the same bytes if there is nothing to write.
 */
export function rewrite(
  bytes: Uint8Array<ArrayBuffer>,
  sections: readonly DefiningSection[],
  maximums: Maximums,
): Uint8Array<ArrayBuffer> {
  const pieces: ArrayLike<number>[] = [];
  let copied = 0;
  for (const { kind, id, start, contents, definitions } of sections) {
    if (maximums[kind].every((maximum) => maximum === undefined)) continue;
    const [from, to] = contents;
    const written = rewriteContents(bytes.subarray(0, to), from, definitions, maximums[kind]);
    pieces.push(bytes.subarray(copied, start), [id, ...unsigned(sizeOf(written))], ...written);
    copied = to;
  }
  return copied === 0 ? bytes : concat([...pieces, bytes.subarray(copied)]);
}

function rewriteContents(
  bytes: Uint8Array,
  from: number,
  definitions: readonly Definition[],
  maximums: readonly (number | undefined)[],
): ArrayLike<number>[] {
  const pieces: ArrayLike<number>[] = [];
  let copied = from;
  for (const [at, { flags, maximum }] of definitions.entries()) {
    const value = maximums[at];
    if (value === undefined) continue;
    const [start, end] = maximum;
    const bits = (bytes[flags] ?? 0) | hasMaximum;
    pieces.push(bytes.subarray(copied, flags), [bits], bytes.subarray(flags + 1, start), unsigned(value));
    copied = end;
  }
  return [...pieces, bytes.subarray(copied)];
}

function sizeOf(pieces: readonly ArrayLike<number>[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function concat(pieces: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
