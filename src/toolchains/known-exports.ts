import type { Shape } from "../public/index.ts";
import { type Expected, functionOf, isExpected } from "./evidence.ts";

const initializer = functionOf(/^>$/);

/** The exports that linkers and C libraries add to a module, with the kind and type that each must have to count. */
const known = {
  // Writes addresses into the data of a position-independent module.
  __wasm_apply_data_relocs: initializer,
  __wasm_call_ctors: initializer,
  _initialize: initializer,
  _start: initializer,
  __stack_pointer: [{ kind: "global", type: /^mut [ij]$/ }],
  emscripten_stack_get_current: functionOf(/^>[ij]$/),
  _emscripten_stack_restore: functionOf(/^[ij]>$/),
  _emscripten_stack_alloc: functionOf(/^[ij]>[ij]$/),
  stackSave: functionOf(/^>[ij]$/),
  stackRestore: functionOf(/^[ij]>$/),
  stackAlloc: functionOf(/^[ij]>[ij]$/),
  // Moves the stack pointer by a number of bytes and returns its new value.
  __wbindgen_add_to_stack_pointer: functionOf(/^i>i$/),
} as const satisfies { readonly [name: string]: readonly Expected[] };

/** The name of an export that linkers and C libraries add to a module. */
export type KnownExport = keyof typeof known;

/**
 * Finds the exports that linkers and C libraries add to a module. An export with the same name but another kind or type
 * belongs to the program.
 *
 * @param shape - The module's shape. If it is not complete, the kind decides.
 */
export function findKnownExports({ exports }: Pick<Shape, "exports">): ReadonlySet<KnownExport> {
  const found = new Set<KnownExport>();
  for (const one of exports) if (isKnown(one.name) && isExpected(one, known[one.name])) found.add(one.name);
  return found;
}

function isKnown(name: string): name is KnownExport {
  return Object.hasOwn(known, name);
}
