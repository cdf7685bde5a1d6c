import type { FunctionType } from "../public/index.ts";
import type { Cursor } from "./cursor.ts";
import type { Types } from "./value-types.ts";

/** The functions of a module by index: the imported ones, then its own. */
export interface Functions {
  readonly types: Types;
  readonly spaces: {
    /** The types of the imported ones. */
    readonly function: readonly FunctionType[];
  };
  /** The type indices of its own. */
  definedFunctions: ArrayLike<number>;
}

/** From this many functions on, the platform checks them all together. */
const many = 1024;

/** Reads the type indices of a module's own functions. */
export function readFunctions(cursor: Cursor, functions: Functions): void {
  const { types } = functions;
  const count = cursor.count();
  const { bytes, offset, end } = cursor;
  // There may be tens of thousands, read before the engine has optimised a loop: that takes ten times as long.
  if (count >= many && count === end - offset && areTypes(cursor, types)) {
    functions.definedFunctions = bytes.subarray(offset, end);
    cursor.offset = end;
    return;
  }
  const indices = (functions.definedFunctions = new Uint32Array(count));
  for (let at = 0; at < count; at++) {
    const index = cursor.u32();
    if (!types[index]) cursor.fail("index", `function type ${index}`);
    indices[at] = index;
  }
}

/** Whether each byte of the rest of the section is the index of a function type. */
function areTypes(cursor: Cursor, types: Types): boolean {
  if (!types.length || types.includes(undefined)) return false;
  const last = Math.min(types.length - 1, 127);
  return !new RegExp(`[^\\0-\\u{${last.toString(16)}}]`, "u").test(cursor.singleBytes() ?? "\xff");
}

/** Reads the index of a function; returns it with the function's type. */
export function readFunctionIndex(cursor: Cursor, functions: Functions): [index: number, type: FunctionType] {
  const index = cursor.u32();
  return [index, functionAt(index, functions) ?? cursor.fail("index", `function ${index}`)];
}

/** Returns the type of a function; `undefined` if there is no function of this index. */
export function functionAt(index: number, { types, spaces, definedFunctions }: Functions): FunctionType | undefined {
  const imported = spaces.function;
  return imported[index] ?? types[definedFunctions[index - imported.length] ?? -1];
}
