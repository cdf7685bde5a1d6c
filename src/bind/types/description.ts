import type { Memory, PlainType, ValueType, Word } from "../../public/index.ts";
import type { TypeNode } from "./node.ts";

/** What a value of a type must be. */
export interface Acceptance {
  /** In words that stand after "must be". */
  readonly expected: string;
  /** Whether a value is such. */
  readonly accepts: (value: unknown) => boolean;
  /**
   * Reads what is inside a value, once, for all that asks for it later: a getter or a proxy may answer otherwise the next
   * time. Throws what they throw. Absent where there is nothing inside.
   */
  readonly copy: ((value: unknown) => unknown) | undefined;
}

/** How a type of one ABI word crosses, which is the same in every convention. */
export interface Scalar {
  readonly word: ValueType;
  /** The word of a value; absent where they are the same. */
  readonly lower: ((value: never) => Word) | undefined;
  /** The value of a word; absent where they are the same. */
  readonly lift: ((word: never) => unknown) | undefined;
}

/** How a value lies in a memory, as C lays it out. */
export interface Layout {
  /** Bytes. */
  readonly size: number;
  /** What its address is a multiple of. */
  readonly align: number;
  /** Whether it points to what is allocated when it is written, and would have to be freed. */
  readonly isPointer: boolean;
  /** Reads it. The address has been checked. */
  read(memory: Memory, address: number): unknown;
  /** Writes it. `later` takes what frees what has been allocated for it. */
  write(memory: Memory, address: number, value: unknown, later: (() => void)[]): void;
}

/** What reads a type that was declared, once. */
export interface TypeReader {
  /** The value of a member of its own. */
  readonly own: (name: string) => unknown;
  /** Whether its flag is set. */
  readonly flag: boolean;
  /** Reads a type inside it. */
  readonly inner: (given: unknown) => TypeNode | undefined;
  /** Reads all types of a list. */
  readonly all: (given: unknown) => readonly TypeNode[] | undefined;
  /** The items of an array; `undefined` for anything else, and for more than is read. */
  readonly items: (given: unknown) => readonly unknown[] | undefined;
  /** Says why it is none, where that is not that it is none of the types. */
  readonly refuse: (reason: string) => undefined;
}

/**
 * All that is the same of a type in every convention. `isWide` is whether addresses have 64 bits; `of` tells the same of a type
 * inside.
 */
export interface TypeDescription<Node extends TypeNode> {
  /** Its members beside `type`; what else one has is an option that was misspelt. */
  readonly members: readonly string[];
  /** The one of these that is a boolean, and may be left out. */
  readonly flag: string | undefined;
  /** Reads it; `undefined` where it is none. */
  read(type: Node["type"], reader: TypeReader): Node | undefined;
  /** The types inside it. */
  inner(node: Node): readonly TypeNode[];
  /** How messages show it. `inner` is how they show the types inside. */
  text(node: Node, inner: readonly string[]): string;
  /** What a parameter must be. */
  acceptance(node: Node, isWide: boolean, of: (inner: TypeNode, isWide: boolean) => Acceptance): Acceptance;
  /** How it crosses as one word; `undefined` if it does not. */
  scalar(node: Node, isWide: boolean): Scalar | undefined;
  /** How it lies in memory; `undefined` for what has no place of its own: neither a number, nor a text, nor a struct of such. */
  layout(node: Node, isWide: boolean, of: (inner: TypeNode, isWide: boolean) => Layout | undefined): Layout | undefined;
  /** Whether it lies in memory that is allocated for it, and that someone must free. */
  readonly isAllocated: boolean;
}

/** The members of a description that most types do not need. */
export const plainDescription = {
  members: [],
  flag: undefined,
  inner: () => [],
  text: ({ type }: TypeNode, inner: readonly string[]) => (inner.length > 0 ? `${type}(${inner.join(", ")})` : type),
  scalar: () => undefined,
  layout: () => undefined,
  isAllocated: false,
} as const;

/** The members of the description of a type that has one other inside. */
export const ofItem = {
  ...plainDescription,
  members: ["item"],
  read: <Name extends string>(type: Name, { own, inner }: TypeReader) => {
    const item = inner(own("item"));
    return item && { type, item };
  },
  inner: ({ item }: { readonly item: TypeNode }) => [item],
} as const;

/**
 * Describes what a value without others inside must be.
 *
 * @param expected - In words that stand after "must be".
 * @param accepts - Whether a value is such.
 */
export function flat(expected: string, accepts: Acceptance["accepts"]): Acceptance {
  return { expected, accepts, copy: undefined };
}

/**
 * Describes a type that stands for itself.
 *
 * @param acceptance - What a parameter must be.
 * @param more - What else is to be said of it.
 */
export function plain(
  acceptance: Acceptance,
  more: Partial<TypeDescription<PlainType>> = {},
): TypeDescription<PlainType> {
  return { ...plainDescription, read: (type) => ({ type }), acceptance: () => acceptance, ...more };
}

/**
 * Describes how a number lies in memory.
 *
 * @param size - Bytes, and its alignment.
 * @param read - Reads it.
 * @param write - Writes it.
 */
export function numberLayout(
  size: number,
  read: (view: DataView, at: number) => unknown,
  write: (view: DataView, at: number, value: never) => void,
): Layout {
  return {
    size,
    align: size,
    isPointer: false,
    read: ({ view }, address) => read(view, address),
    write: ({ view }, address, value) => {
      write(view, address, value as never);
    },
  };
}
