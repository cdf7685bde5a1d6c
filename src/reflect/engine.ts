import type { CustomSection } from "../public/index.ts";
import { readCustoms } from "./custom.ts";
import { type IsDescribed, nameImports } from "./import-names.ts";
import type { ReadShape } from "./shape.ts";

// Only this file and `compiled.ts` use the engine.

/** The custom sections that this library reads. The engine does not list sections; it only looks them up by name. */
const standard = ["dylink.0", "dylink", "producers", "target_features"];

/**
 * Adds the custom sections after the code, and their contents, to the shape of a head. Only sections that are looked up in
 * the engine by name are listed.
 *
 * @param head - The shape that `readHead` returned.
 * @param module - The same module, compiled.
 * @param sections - More custom sections to ask for, by name.
 */
export function completeShape(head: ReadShape, module: WebAssembly.Module, sections: readonly string[]): ReadShape {
  const found = askCustomSections(module, sections);
  // Whoever compares it sees that nothing has been added.
  if (found.length === 0) return head;
  const inHead = new Set(head.customSections.map(({ name }) => name));
  const behind = found.filter(({ name }) => !inHead.has(name));
  const customSections = [...head.customSections, ...behind.map(sizeOf)];
  return { ...head, customSections, ...readCustoms(found) };
}

/**
 * Adds the names of some imported functions in the `name` section to the shape of a compiled module.
 *
 * @param shape - The shape.
 * @param module - The module.
 * @param isDescribed - Which imports.
 */
export function nameImportsOf<Read extends ReadShape>(
  shape: Read,
  module: WebAssembly.Module,
  isDescribed: IsDescribed,
): Read {
  return nameImports(shape, isDescribed, () =>
    WebAssembly.Module.customSections(module, "name").map((contents) => new Uint8Array(contents)),
  );
}

/** Returns the contents of the custom sections that this library reads, and of others. */
export function askCustomSections(module: WebAssembly.Module, sections: readonly string[]) {
  return [...standard, ...sections].flatMap((name) =>
    WebAssembly.Module.customSections(module, name).map((contents) => ({ name, contents: new Uint8Array(contents) })),
  );
}

/** Returns a custom section without its contents. */
export function sizeOf({ name, contents }: { readonly name: string; readonly contents: Uint8Array }): CustomSection {
  return { name, size: contents.length };
}
