import { createHash } from "node:crypto";
import { constants, unzipSync } from "node:zlib";

/** The eight bytes that begin a module, in the six bits of a Base64 digit: the last digit has the version's last bits. */
const start = "AGFzbQEAAA";
/** No module is shorter than its header of eight bytes, which is eleven digits. */
const shortest = 11;
/** A script with more is a text that somebody made for this search. */
const maximumModules = 256;

/** Joins two strings: a sum, a concatenation, or two elements of an array. */
const joint = "[\"'`]\\s*(?:\\+|,|\\.concat\\()\\s*[\"'`]";
const startInParts = Array.from(start).join(`(?:${joint})?`);
/** The end of an array of strings, and the call that joins it. */
const joinedArray = /["'`]\s*,?\s*\]\s*\.join\(\s*(["'`])\1\s*\)/y;

const header = ["0|0x00?", "97|0x61", "115|0x73", "109|0x6[dD]", "1|0x0?1", ...Array<string>(3).fill("0|0x00?")];
/** A module as the elements of an array, or the arguments of `Uint8Array.of`. */
const startInNumbers = `[[(]\\s*${header.map((one) => `(?:${one})`).join("\\s*,\\s*")}\\s*[,\\])]`;

/** Texts that begin as gzip and zlib do, in Base64, and are long enough for a module. */
const packed = /["'`,](H4sI[\w+/-]{40,4096}|e(?:J[w-z]|N[o-r]|A[E-H]|F[4-7])[\w+/-]{40,4096})/g;
const maximumPacked = 1000;

/** A module in a text: the parts of the text that are its digits or numbers, and its bytes. */
interface Place {
  readonly spans: readonly Span[];
  readonly bytes: () => Uint8Array<ArrayBuffer>;
}

type Span = readonly [from: number, to: number];

/**
 * Finds modules that stand in a script: as Base64, also in several strings that are joined, or as an array of bytes.
 *
 * @param text - The script.
 * @returns The modules in their order, equal ones once; 256 at most.
 */
export function findEmbedded(text: string): readonly Uint8Array<ArrayBuffer>[] {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { bytes } of placesIn(text)) {
    const module = bytes();
    const digest = createHash("sha256").update(module).digest("base64");
    if (!found.has(digest)) found.set(digest, module);
    if (found.size === maximumModules) break;
  }
  return [...found.values()];
}

/**
 * Tells how a module that stands in a script is compressed, if one is.
 *
 * @param text - The script.
 */
export function compressionIn(text: string): "gzip" | "zlib" | undefined {
  let looked = 0;
  for (const [, digits = ""] of text.matchAll(packed)) {
    if (++looked > maximumPacked) break;
    if (beginsModule(Buffer.from(digits, "base64"))) return digits.startsWith("H") ? "gzip" : "zlib";
  }
  return undefined;
}

/** Whether the beginning of compressed bytes is that of a module. */
function beginsModule(beginning: Uint8Array): boolean {
  try {
    return unzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, 4).toString("latin1") === "\0asm";
  } catch {
    return false;
  }
}

/** A text without the modules in it, and where they stood. */
export interface WithoutModules {
  readonly text: string;
  /** Each cut: where it is in the remaining text, and how many signs are missing there. */
  readonly cuts: readonly { readonly at: number; readonly length: number }[];
}

/**
 * Cuts the digits of modules out of a text, so that the text around them can be parsed at no cost for the modules.
 *
 * @param text - The text.
 */
export function withoutModules(text: string): WithoutModules {
  const parts: string[] = [];
  const cuts: { at: number; length: number }[] = [];
  let [from, at] = [0, 0];
  for (const { spans } of placesIn(text)) {
    for (const [begin, end] of spans) {
      parts.push(text.slice(from, begin));
      at += begin - from;
      cuts.push({ at, length: end - begin });
      from = end;
    }
  }
  return { text: parts.join("") + text.slice(from), cuts };
}

function* placesIn(text: string): Generator<Place> {
  const starts = new RegExp(`${startInParts}|(${startInNumbers})`, "g");
  // Up to here, strings that stand in a list are known to be joined by nothing: the list is not followed again for each.
  let unjoined = 0;
  for (let found = starts.exec(text); found; found = starts.exec(text)) {
    const { index } = found;
    if (found[1] !== undefined) {
      const place = numbersAt(text, index + 1);
      if (place) yield place;
      starts.lastIndex = place?.spans[0]?.[1] ?? index + 1;
      continue;
    }
    const { spans, unjoinedTo } = digitsAt(text, index, index >= unjoined);
    unjoined = Math.max(unjoined, unjoinedTo);
    const [, end] = spans.at(-1) ?? [index, index];
    const size = spans.reduce((sum, [from, to]) => sum + to - from, 0);
    if (size >= shortest && beginsWithStart(text, spans)) {
      yield { spans, bytes: () => new Uint8Array(Buffer.from(digitsOf(text, spans), "base64")) };
      starts.lastIndex = end;
    } else starts.lastIndex = index + 1;
  }
}

/** The digits of some parts of a text. A string may be cut into lines by escapes, and JSON may escape a slash. */
function digitsOf(text: string, spans: readonly Span[]): string {
  return spans.map(([from, to]) => text.slice(from, to).replaceAll(/\\[rn]|\\|\s/g, "")).join("");
}

function beginsWithStart(text: string, spans: readonly Span[]): boolean {
  const few: Span[] = [];
  for (const [from, to] of spans.slice(0, start.length)) few.push([from, Math.min(to, from + start.length)]);
  return digitsOf(text, few).startsWith(start);
}

/** Follows digits through the strings that are joined, and tells where the strings of a list end that is not joined. */
function digitsAt(
  text: string,
  from: number,
  mayBeList: boolean,
): { readonly spans: readonly Span[]; readonly unjoinedTo: number } {
  const between = new RegExp(joint, "y");
  const spans: Span[] = [];
  let beforeList: number | undefined;
  // All arguments of a call of `concat` are parts of the text.
  let isConcatenation = false;
  for (let begin = from; ;) {
    const end = endOfDigits(text, begin);
    spans.push([begin, end]);
    between.lastIndex = end;
    const [found] = between.exec(text) ?? [];
    if (found?.includes("concat")) isConcatenation = true;
    const isOfList = !isConcatenation && (found?.includes(",") ?? false);
    if (found === undefined || (isOfList && !mayBeList)) {
      joinedArray.lastIndex = end;
      if (beforeList === undefined || joinedArray.test(text)) return { spans, unjoinedTo: 0 };
      return { spans: spans.slice(0, beforeList), unjoinedTo: end };
    }
    if (isOfList) beforeList ??= spans.length;
    begin = between.lastIndex;
  }
}

/** Reads the numbers of an array. Returns nothing if one of its elements is no byte. */
function numbersAt(text: string, from: number): Place | undefined {
  const number = /\s*(\d{1,3}|0x[\da-f]{1,2})\s*(?:,\s*([\])])?|([\])]))/iy;
  let count = 0;
  number.lastIndex = from;
  for (let found = number.exec(text); found; found = number.exec(text)) {
    if (Number(found[1]) > 255) return undefined;
    count++;
    if (found[2] === undefined && found[3] === undefined) continue;
    const end = number.lastIndex - 1;
    return { spans: [[from, end]], bytes: () => bytesOf(text.slice(from, end), count) };
  }
  return undefined;
}

function bytesOf(list: string, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let at = 0;
  for (const [number] of list.matchAll(/0x[\da-f]+|\d+/gi)) bytes[at++] = Number(number);
  return bytes;
}

/** Follows the digits of a string or template. Written as a loop, since a module may have a hundred million of them. */
function endOfDigits(text: string, from: number): number {
  const digits = /[\w+/-]{1,4096}|\\[rn/]|\\?\r?\n/y;
  let end = from;
  for (digits.lastIndex = end; digits.test(text);) end = digits.lastIndex;
  while (text[end] === "=") end++;
  return end;
}
