import type { Shape } from "../public/index.ts";
import { Cursor } from "../reflect/cursor.ts";
import { findKnownExports } from "../toolchains/known-exports.ts";

/** The calls that a module makes while it is loaded. */
export interface StartCalls {
  /** The functions that a load runs, as in `its start function`; empty if it runs none. */
  readonly runs: readonly string[];
  /** The indices of the imported functions that they reach by direct calls. */
  readonly imports: ReadonlySet<number>;
  /** Whether they may call others too: through a table, or by instructions that are not known. */
  readonly isOpen: boolean;
}

/** The operands of an instruction that calls nothing. */
type Skip = (cursor: Cursor) => void;

/** The magic and the version. */
const headerSize = 8;
const codeSection = 10;
const [call, returnCall, end] = [0x10, 0x12, 0x0b];
/** `call_indirect`, `return_call_indirect`, `call_ref`, `return_call_ref`. */
const openCalls: ReadonlySet<number> = new Set([0x11, 0x13, 0x14, 0x15]);

const number: Skip = (cursor) => skipNumber(cursor);
const numbers =
  (count: number): Skip =>
  (cursor) => {
    for (let left = count; left > 0; left--) skipNumber(cursor);
  };
const bytes =
  (count: number): Skip =>
  (cursor) =>
    cursor.skip(count);
const nothing: Skip = () => undefined;
const all =
  (skip: Skip): Skip =>
  (cursor) =>
    void cursor.list(() => skip(cursor));
const both =
  (...skips: readonly Skip[]): Skip =>
  (cursor) => {
    for (const skip of skips) skip(cursor);
  };
const address: Skip = (cursor) => {
  const flags = cursor.u32();
  // The next to last bit says that the index of a memory follows.
  if (flags & 64) skipNumber(cursor);
  skipNumber(cursor);
};
/** A type of values: a byte, or a reference with its heap type. */
const valueType: Skip = (cursor) => {
  const code = cursor.byte();
  if (code === 0x63 || code === 0x64) skipNumber(cursor);
};
/** The type of a block: nothing, a value's, or an index of several bytes. */
const blockType: Skip = (cursor) => {
  const code = cursor.byte();
  if (code === 0x63 || code === 0x64) skipNumber(cursor);
  else if (code > 127) skipNumber(cursor);
};
const catchClause: Skip = (cursor) => numbers(cursor.byte() < 2 ? 2 : 1)(cursor);

/** The operands of the instructions from one code to another. */
type Range = readonly [from: number, to: number, skip: Skip];

const plain: readonly Range[] = [
  [0x00, 0x01, nothing],
  [0x02, 0x04, blockType],
  [0x05, 0x05, nothing],
  [0x06, 0x06, blockType],
  [0x07, 0x09, number],
  [0x0a, 0x0a, nothing],
  [0x0c, 0x0d, number],
  [0x0e, 0x0e, both(all(number), number)],
  [0x0f, 0x0f, nothing],
  [0x18, 0x18, number],
  [0x19, 0x1b, nothing],
  [0x1c, 0x1c, all(valueType)],
  [0x1f, 0x1f, both(blockType, all(catchClause))],
  [0x20, 0x26, number],
  [0x28, 0x3e, address],
  [0x3f, 0x42, number],
  [0x43, 0x43, bytes(4)],
  [0x44, 0x44, bytes(8)],
  [0x45, 0xc4, nothing],
  [0xd0, 0xd0, number],
  [0xd1, 0xd1, nothing],
  [0xd2, 0xd2, number],
];
const prefixed: ReadonlyMap<number, readonly Range[]> = new Map([
  [
    0xfc,
    [
      [0, 7, nothing],
      [8, 8, numbers(2)],
      [9, 9, number],
      [10, 10, numbers(2)],
      [11, 11, number],
      [12, 12, numbers(2)],
      [13, 13, number],
      [14, 14, numbers(2)],
      [15, 17, number],
      [19, 22, nothing],
    ],
  ],
  [
    0xfd,
    [
      [0, 11, address],
      [12, 13, bytes(16)],
      [14, 20, nothing],
      [21, 34, bytes(1)],
      [35, 83, nothing],
      [84, 91, both(address, bytes(1))],
      [92, 93, address],
      [94, 275, nothing],
    ],
  ],
  [
    0xfe,
    [
      [0, 2, address],
      [3, 3, bytes(1)],
      [16, 78, address],
    ],
  ],
]);

/**
 * Finds the imported functions that a module calls while it is loaded: from its start function, and from the initializers that
 * the library calls. Only the bytes are read.
 *
 * @param bytes - The module, which the engine has compiled.
 * @param shape - Its shape.
 */
export function findStartCalls(bytes: Uint8Array, shape: Shape): StartCalls {
  const roots = rootsOf(shape);
  const imports = new Set<number>();
  const runs = [...roots.keys()];
  if (roots.size === 0) return { runs, imports, isOpen: false };
  const imported = shape.imports.filter(({ kind }) => kind === "function").length;
  const bodies = readBodies(bytes);
  const seen = new Set<number>();
  const waiting = [...roots.values()];
  let isOpen = false;
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    if (index < imported) {
      imports.add(index);
      continue;
    }
    const body = bodies[index - imported];
    const read = body && readBody(body);
    waiting.push(...(read?.calls ?? []));
    isOpen ||= read?.isOpen ?? true;
  }
  return { runs, imports, isOpen };
}

/** The functions that a load runs, with their indices. */
function rootsOf({ start, exports, toolchain }: Shape): ReadonlyMap<string, number> {
  const roots = new Map<string, number>();
  if (start !== undefined) roots.set("its start function", start);
  const relocation = "__wasm_apply_data_relocs";
  const names: readonly (string | undefined)[] = [
    findKnownExports({ exports }).has(relocation) ? relocation : undefined,
    initializerOf({ exports }),
    toolchain.name === "wasm-bindgen" ? "__wbindgen_start" : undefined,
  ];
  for (const { name, kind, index } of exports)
    if (kind === "function" && names.includes(name) && index !== undefined) roots.set(name, index);
  return roots;
}

/**
 * Returns the initializer that a load calls.
 *
 * @param shape - The module's shape.
 * @returns The export; `undefined` if there is none, or if the module is a command.
 */
export function initializerOf(shape: Pick<Shape, "exports">): "_initialize" | "__wasm_call_ctors" | undefined {
  const known = findKnownExports(shape);
  if (known.has("_start")) return undefined;
  return (["_initialize", "__wasm_call_ctors"] as const).find((one) => known.has(one));
}

/** The code of each function that a module defines. */
function readBodies(module: Uint8Array): readonly Uint8Array[] {
  const cursor = new Cursor(module);
  for (cursor.offset = headerSize; cursor.offset < module.length;) {
    const id = cursor.byte();
    const size = cursor.u32();
    if (id !== codeSection) {
      cursor.skip(size);
      continue;
    }
    return cursor.list(() => {
      const length = cursor.u32();
      cursor.skip(length);
      return module.subarray(cursor.offset - length, cursor.offset);
    });
  }
  return [];
}

/** The functions that a function calls, until an instruction that is not known. */
function readBody(body: Uint8Array): { readonly calls: readonly number[]; readonly isOpen: boolean } {
  const cursor = new Cursor(body);
  const calls: number[] = [];
  let isOpen = false;
  cursor.list(() => {
    skipNumber(cursor);
    valueType(cursor);
  });
  while (cursor.offset < cursor.end) {
    const code = cursor.byte();
    if (code === end) continue;
    if (code === call || code === returnCall) {
      calls.push(cursor.u32());
      continue;
    }
    if (openCalls.has(code)) {
      isOpen = true;
      numbers(code < 0x14 ? 2 : 1)(cursor);
      continue;
    }
    const ranges = prefixed.get(code);
    const inside = ranges ? cursor.u32() : code;
    const [, , skip] = (ranges ?? plain).find(([from, to]) => inside >= from && inside <= to) ?? [];
    if (!skip) return { calls, isOpen: true };
    skip(cursor);
  }
  return { calls, isOpen };
}

/** Skips a number, signed or not: only its last byte is below 128. */
function skipNumber(cursor: Cursor): void {
  while (cursor.byte() > 127);
}
