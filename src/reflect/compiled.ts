import type { ExportShape, ImportShape } from "../public/index.ts";
import { readCustoms } from "./custom.ts";
import { askCustomSections, sizeOf } from "./engine.ts";
import type { ReadShape } from "./shape.ts";

/**
 * Makes the shape of a module that is available only in compiled form: names and kinds, without types.
 *
 * @param module - The module.
 */
export function shapeOfModule(module: WebAssembly.Module): ReadShape {
  const found = askCustomSections(module, []);
  return {
    complete: false,
    imports: WebAssembly.Module.imports(module).map(({ module, name, kind }): ImportShape => ({ module, name, kind })),
    exports: WebAssembly.Module.exports(module).map(({ name, kind }): ExportShape => ({ name, kind })),
    memories: [],
    tables: [],
    customSections: found.map(sizeOf),
    ...readCustoms(found),
  };
}
