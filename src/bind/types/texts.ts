import type { PlainType } from "../../public/index.ts";
import { nullPointer } from "../null.ts";
import {
  type Acceptance,
  flat,
  type Layout,
  numberLayout,
  plain,
  type Scalar,
  type TypeDescription,
} from "./description.ts";
import { invalidValue } from "./invalid-value.ts";
import { sizeLayout } from "./numbers.ts";

const charScalar: Scalar = { word: "i32", lower: (value: string) => value.codePointAt(0), lift: characterOf };

const charLayout = numberLayout(
  4,
  (view, at) => characterOf(view.getUint32(at, true)),
  (view, at, value: string) => view.setUint32(at, value.codePointAt(0) ?? 0, true),
);

/** One Unicode character. */
export const char = plain(flat("a string of one Unicode character", isCharacter), {
  scalar: () => charScalar,
  layout: () => charLayout,
});

const text = (acceptance: Acceptance): TypeDescription<PlainType> =>
  plain(acceptance, { layout: ({ type }, isWide) => textLayout(type, false, isWide), isAllocated: true });

/** Text. */
export const string = text(flat("a string without lone surrogates", isText));

/** Zero-terminated text. */
export const cstring = text(
  flat(
    "a string without lone surrogates and without U+0000",
    (value) => isText(value) && !(value as string).includes("\0"),
  ),
);

/**
 * Returns the layout of a text in memory: the address of zero-terminated text.
 *
 * @param declared - The declared type, for messages.
 * @param isOptional - Whether it may be absent.
 * @param isWide - Whether addresses have 64 bits.
 */
export function textLayout(declared: string, isOptional: boolean, isWide: boolean): Layout {
  const pointer = sizeLayout(isWide);
  return {
    size: pointer.size,
    align: pointer.align,
    isPointer: true,
    read: (memory, address) => {
      const start = pointer.read(memory, address) as number;
      if (start !== 0) return memory.readString(start);
      if (isOptional) return undefined;
      throw nullPointer("A field", declared);
    },
    write: (memory, address, value, later) => {
      let start = 0;
      if (value !== undefined && value !== null) {
        const made = memory.allocString(value as string, { layout: "nul" });
        start = made.address;
        later.push(() => {
          memory.free(start, made.length + 1, 1);
        });
      }
      pointer.write(memory, address, start, later);
    },
  };
}

function isText(value: unknown): boolean {
  return typeof value === "string" && isWellFormed(value);
}

function isCharacter(value: unknown): boolean {
  if (!isText(value)) return false;
  const [first = ""] = value as string;
  return first !== "" && first === value;
}

/** Engines since 2023 have this built in, and it is free for most texts. */
function isWellFormed(text: string): boolean {
  const { isWellFormed } = text as unknown as { readonly isWellFormed?: () => boolean };
  return isWellFormed ? isWellFormed.call(text) : !/\p{Surrogate}/u.test(text);
}

/**
 * Converts a number to its character. Errors: `invalid-value` for a surrogate, and for a number that is not a Unicode
 * character.
 *
 * @param code - The number from the module.
 */
export function characterOf(code: number): string {
  if (code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
  throw invalidValue(
    "t.char",
    String(code),
    "and no character has that number. Declare t.u32 if it is a number, and t.u8 for a char of C's.",
  );
}
