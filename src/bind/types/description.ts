import { reasonOf } from "../../errors/caught.ts";
import type { Memory, PlainType, ValueType, Word } from "../../public/index.ts";
import type { TypeNode } from "./node.ts";

/** The requirements on a value of a type. */
export interface Acceptance {
  /** The requirement in words that follow "must be". */
  readonly expected: string;
  /** Whether a value meets it. */
  readonly accepts: (value: unknown) => boolean;
  /**
   * Reads the contents of a value once, for everything that uses them later: a getter or a proxy may return something else
   * the next time. Throws what they throw. Absent if a value has no contents.
   */
  readonly copy: ((value: unknown) => unknown) | undefined;
  /** Finds the part of a copied value that is not accepted; absent if a value has no parts. */
  readonly refused: ((value: unknown) => Part | undefined) | undefined;
}

/** A part of a value: where it is, as in `pos.x` or `[3]`, and its own value. */
export interface Part {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Finds the innermost part that is not accepted.
 *
 * @param path - Where the part is.
 * @param value - The part.
 * @param acceptance - The requirements on it.
 */
export function innermost(path: string, value: unknown, { refused }: Acceptance): Part {
  const inner = refused?.(value);
  if (!inner) return { path, value };
  return { path: joined(path, inner.path), value: inner.value };
}

/** Why a value could not be copied: a part of it cannot be read, or is no number of items that is read. */
export class Unreadable extends Error {
  readonly path: string;

  /**
   * @param path - Where the part is.
   * @param problem - What is wrong with it, to follow its place.
   * @param cause - The error that reading it threw, if it did.
   */
  constructor(path: string, problem: string, cause?: unknown) {
    super(problem, { cause });
    this.path = path;
  }
}

/**
 * Makes the error of a part whose reading threw.
 *
 * @param path - Where the part is.
 * @param error - What was thrown; for a part of the part, the error made for that.
 */
export function unreadable(path: string, error: unknown): Unreadable {
  if (!(error instanceof Unreadable)) return new Unreadable(path, `cannot be read (${reasonOf(error)})`, error);
  return new Unreadable(joined(path, error.path), error.message, error.cause);
}

function joined(path: string, inner: string): string {
  return `${path}${inner.startsWith("[") ? "" : "."}${inner}`;
}

/** How a type of one ABI word crosses, which is the same in every convention. */
export interface Scalar {
  readonly word: ValueType;
  /** Converts a value to its word; absent if they are the same. */
  readonly lower: ((value: never) => Word) | undefined;
  /** Converts a word to its value; absent if they are the same. */
  readonly lift: ((word: never) => unknown) | undefined;
}

/** How a value lies in memory, in C's layout. */
export interface Layout {
  /** Bytes. */
  readonly size: number;
  /** The alignment of its address. */
  readonly align: number;
  /** Whether it points to memory that is allocated when it is written, and has to be freed. */
  readonly isPointer: boolean;
  /** Reads it. The address has already been checked. */
  read(memory: Memory, address: number): unknown;
  /** Writes it. `later` collects the functions that free the memory allocated for it. */
  write(memory: Memory, address: number, value: unknown, later: (() => void)[]): void;
}

/** Reads a declared type once. */
export interface TypeReader {
  /** Returns the value of an own member. */
  readonly own: (name: string) => unknown;
  /** Whether its flag is set. */
  readonly flag: boolean;
  /** Reads an inner type. `place` is its name in the type, for messages. */
  readonly inner: (given: unknown, place: string) => TypeNode | undefined;
  /** Reads a list of types. `places` has their names. */
  readonly all: (given: unknown, places?: readonly string[]) => readonly TypeNode[] | undefined;
  /** Returns the items of an array; `undefined` for anything else, and for arrays that are too long. */
  readonly items: (given: unknown) => readonly unknown[] | undefined;
  /** Refuses the type for a reason other than that it is unknown. */
  readonly refuse: (reason: string) => undefined;
}

/**
 * The parts of a type that are the same in every convention. `isWide` is whether addresses have 64 bits; `of` returns the
 * same part of an inner type.
 */
export interface TypeDescription<Node extends TypeNode> {
  /** Its members beside `type`; any other member is a misspelt option. */
  readonly members: readonly string[];
  /** The one boolean member, which may be left out. */
  readonly flag: string | undefined;
  /** Reads it; `undefined` if it is not valid. */
  read(type: Node["type"], reader: TypeReader): Node | undefined;
  /** Its inner types. */
  inner(node: Node): readonly TypeNode[];
  /** Its text in messages. `inner` is the text of the inner types. */
  text(node: Node, inner: readonly string[]): string;
  /** The requirements on a parameter. */
  acceptance(node: Node, isWide: boolean, of: (inner: TypeNode, isWide: boolean) => Acceptance): Acceptance;
  /** How it crosses as one word; `undefined` if it needs more. */
  scalar(node: Node, isWide: boolean, of: (inner: TypeNode, isWide: boolean) => Scalar | undefined): Scalar | undefined;
  /** Its layout in memory; `undefined` for a type that is neither a number, nor a text, nor a struct of these. */
  layout(node: Node, isWide: boolean, of: (inner: TypeNode, isWide: boolean) => Layout | undefined): Layout | undefined;
  /** Whether it lies in memory that is allocated for it and has to be freed. */
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

/**
 * Reads the class that a type states for its values.
 *
 * @param reader - Reads the type.
 * @returns The member, or none; `undefined` for a class that is no id.
 */
export function readClassId({ own, refuse }: TypeReader): { readonly classId?: number } | undefined {
  const classId = own("classId");
  if (classId === undefined) return {};
  if (Number.isInteger(classId) && (classId as number) >= 0 && (classId as number) < 2 ** 32)
    return { classId: classId as number };
  refuse("has a classId that is no whole number from 0");
  return undefined;
}

/** The members that describe a type with one inner type. */
export const ofItem = {
  ...plainDescription,
  members: ["item"],
  read: <Name extends string>(type: Name, { own, inner }: TypeReader) => {
    const item = inner(own("item"), "item");
    return item && { type, item };
  },
  inner: ({ item }: { readonly item: TypeNode }) => [item],
} as const;

/**
 * Describes the requirement on a value without contents.
 *
 * @param expected - Words that follow "must be".
 * @param accepts - Whether a value meets it.
 */
export function flat(expected: string, accepts: Acceptance["accepts"]): Acceptance {
  return { expected, accepts, copy: undefined, refused: undefined };
}

/**
 * Describes a type without inner types.
 *
 * @param acceptance - The requirements on a parameter.
 * @param more - Other members of the description.
 */
export function plain(
  acceptance: Acceptance,
  more: Partial<TypeDescription<PlainType>> = {},
): TypeDescription<PlainType> {
  return { ...plainDescription, read: (type) => ({ type }), acceptance: () => acceptance, ...more };
}

/**
 * Describes the layout of a number in memory.
 *
 * @param size - Its size and alignment, in bytes.
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
