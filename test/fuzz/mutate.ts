import { unsigned } from "../../src/binary/encode.ts";
import { findSections, interfaceIds } from "../oracle/sections.ts";
import type { Random } from "./random.ts";

/** A module to make mutants of, taken apart. */
export interface Parent {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sections: readonly Part[];
}

interface Part {
  readonly id: number;
  readonly contents: Uint8Array;
}

/** A changed module. */
export interface Mutant {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether what was changed first is in a section that the interface is read from. */
  readonly inInterface: boolean;
}

/** Takes a module apart. */
export function parentOf(name: string, bytes: Uint8Array<ArrayBuffer>): Parent {
  const sections = findSections(bytes).map(({ id, contents, end }) => ({
    id,
    contents: bytes.subarray(contents, end),
  }));
  return { name, bytes, sections };
}

/**
 * The same interface with hardly a body, so that an engine compiles it in no time: each function traps immediately, no data
 * is left, and no custom section of more than a few hundred bytes.
 */
export function stub({ name, sections }: Parent): Parent {
  const kept = sections.flatMap(({ id, contents }): Part[] => {
    if (id === 11 || id === 12 || (id === 0 && contents.length > 400)) return [];
    if (id !== 10) return [{ id, contents }];
    const [count, length] = readUnsigned(contents);
    const bodies = Array.from({ length: count }, () => [3, 0, 0, 0x0b]).flat();
    return [{ id, contents: Uint8Array.from([...contents.subarray(0, length), ...bodies]) }];
  });
  return { name, sections: kept, bytes: assemble(kept) };
}

/** Changes a module once or a few times, most often in a section of its interface. */
export function mutate(random: Random, parents: readonly Parent[]): Mutant & { readonly parent: string } {
  const parent = random.one(parents);
  const times = random.chance(0.75) ? 1 : 2 + random.below(3);
  const inInterface = random.chance(0.75);
  const first = change(random, parent, parents, inInterface);
  let { bytes } = first;
  for (let time = 1; time < times; time++) {
    bytes = change(random, parentOf(parent.name, bytes), parents, random.chance(0.75)).bytes;
  }
  return { bytes, inInterface: first.inInterface, parent: parent.name };
}

function change(random: Random, parent: Parent, parents: readonly Parent[], inInterface: boolean): Mutant {
  const at = parent.sections.flatMap(({ id }, at) => (interfaceIds.has(id) === inInterface ? [at] : []));
  if (at.length === 0) return { bytes: changeBytes(random, parent.bytes, 0), inInterface: false };
  const chosen = random.one(at);
  if (random.chance(0.3)) return { bytes: changeRaw(random, parent, chosen), inInterface };
  const sections = [...parent.sections];
  const part = sections[chosen]!;
  if (random.chance(0.15)) changeOrder(random, sections, chosen, parents);
  else
    sections[chosen] = { id: part.id, contents: changeBytes(random, part.contents, 0, spare(random, part, parents)) };
  return { bytes: assemble(sections), inInterface };
}

/** Changes bytes where a section lies, its id and size included, and leaves all sizes as they are. */
function changeRaw(random: Random, { bytes }: Parent, chosen: number): Uint8Array<ArrayBuffer> {
  const { start = 0, end = bytes.length } = findSections(bytes)[chosen] ?? {};
  const at = start + random.below(end - start);
  if (random.chance(0.1)) return bytes.slice(0, at);
  const changed = changeBytes(random, bytes.subarray(at, end), random.chance(0.5) ? 1 : 0);
  return Uint8Array.from([...bytes.subarray(0, at), ...changed, ...bytes.subarray(end)]);
}

/** Sections are left out, repeated, moved, renamed, or come from another module. */
function changeOrder(random: Random, sections: Part[], at: number, parents: readonly Parent[]): void {
  const part = sections[at]!;
  const other = random.one(random.one(parents).sections);
  const alike = random.one(parents).sections.find(({ id }) => id === part.id) ?? other;
  const custom = { id: 0, contents: Uint8Array.from([1, 0x78, ...part.contents.subarray(0, 20)]) };
  random.one([
    () => sections.splice(at, 1),
    () => sections.splice(at, 0, part),
    () => sections.splice(at, 0, custom),
    () => sections.splice(at, 1, alike),
    () => sections.splice(at, 0, other),
    () => sections.splice(at, 1, { ...part, id: random.below(16) }),
    () => sections.splice(random.below(sections.length), 0, ...sections.splice(at, 1)),
  ])();
}

/** Bytes that matter somewhere: bounds of LEB128, kinds, types, instructions of constants. */
const telling = [
  0, 1, 2, 3, 4, 5, 7, 8, 0x0b, 0x0f, 0x10, 0x20, 0x23, 0x40, 0x41, 0x42, 0x43, 0x44, 0x4e, 0x4f, 0x50, 0x5e, 0x5f,
  0x60, 0x62, 0x63, 0x64, 0x65, 0x69, 0x6a, 0x6b, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x73, 0x77, 0x78, 0x7b, 0x7c, 0x7d,
  0x7e, 0x7f, 0x80, 0x81, 0xc2, 0xd0, 0xd2, 0xef, 0xf0, 0xfb, 0xfd, 0xff,
];

/** Changes bytes from `from` on; `spare` is what other modules have in the same place. */
function changeBytes(random: Random, bytes: Uint8Array, from: number, spare = bytes): Uint8Array<ArrayBuffer> {
  const at = Math.min(from + random.below(bytes.length - from + 1), Math.max(bytes.length - 1, 0));
  const byte = bytes[at] ?? 0;
  const length = 1 + random.below(random.chance(0.7) ? 4 : 40);
  const start = random.below(spare.length + 1);
  const span = spare.subarray(start, start + length);
  const replaced = (left: number, ...put: number[]) =>
    Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + left)]);
  return random.one([
    () => replaced(1, random.below(256)),
    () => replaced(1, byte ^ (1 << random.below(8))),
    () => replaced(1, random.one(telling)),
    () => replaced(1, (byte + (random.chance(0.5) ? 1 : 255)) & 255),
    () => replaced(0, random.one(telling)),
    () => replaced(length),
    () => replaced(0, ...bytes.subarray(at, at + length)),
    () => replaced(0, ...span),
    () => replaced(span.length, ...span),
    // The same number in one byte more.
    () => replaced(1, byte | 128, 0),
    // A number that claims more than there is.
    () => replaced(1, 0xff, 0xff, 0xff, 0xff, 0x0f),
  ])();
}

function spare(random: Random, { id, contents }: Part, parents: readonly Parent[]): Uint8Array {
  return random.one(parents).sections.find((part) => part.id === id)?.contents ?? contents;
}

function assemble(sections: readonly Part[]): Uint8Array<ArrayBuffer> {
  const parts = sections.flatMap(({ id, contents }) => [[id, ...unsigned(contents.length)], contents]);
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 8));
  bytes.set([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function readUnsigned(bytes: Uint8Array): [value: number, length: number] {
  let value = 0;
  for (let at = 0; ; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 2 ** (7 * at);
    if (byte < 128) return [value, at + 1];
  }
}
