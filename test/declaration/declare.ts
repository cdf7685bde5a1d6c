import { inspect, type Api, type DeclarationFile, type InterfaceMembers } from "unglue";
import type { WasmBindgenKnown } from "unglue/wasm-bindgen";
import { compactShape } from "../../src/reflect/compact.ts";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { createIdentify, knownTable, readTables } from "../../src/toolchains/wasm-bindgen/known/index.ts";
import { webTable } from "../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { formatMeaning } from "../../src/toolchains/wasm-bindgen/format-meaning.ts";
import { evaluates } from "../../src/toolchains/wasm-bindgen/meaning.ts";
import { findPanicHooks } from "../../src/toolchains/wasm-bindgen/panic-hooks.ts";
import { planImports } from "../../src/toolchains/wasm-bindgen/plan.ts";
import { readings } from "../../src/toolchains/wasm-bindgen/readings.ts";
import { combineStatements } from "../../src/toolchains/wasm-bindgen/statements.ts";

/** The statements that a test adds to those of the tables. */
export type Stated = Pick<WasmBindgenKnown, "meanings" | "casts" | "closures">;

/**
 * Writes the declaration file of a module, with the meanings that the tables have of its imports.
 *
 * @param bytes - The module.
 * @param api - Its interface.
 * @param stated - What only the package's own JavaScript tells.
 * @returns The file, as it is read from JSON.
 */
export function declare<Members = Record<never, never>>(
  bytes: Uint8Array,
  api?: Api<Members>,
  stated: Stated = {},
): DeclarationFile<Members> {
  const shape = inspect(bytes);
  const file: DeclarationFile<Members> = {
    format: 1,
    fingerprint: fingerprintOf(shape),
    ...(api && { api: { ...api, checked: true } }),
    ...(shape.toolchain.name === "wasm-bindgen" && { known: knownOf(bytes, stated) }),
    shape: compactShape(shape),
  };
  return JSON.parse(JSON.stringify(file)) as DeclarationFile<Members>;
}

/** The interface of a package, whatever its members are. */
export type AnyApi = Api<InterfaceMembers>;

function knownOf(bytes: Uint8Array, stated: Stated): WasmBindgenKnown {
  const shape = inspect(bytes);
  const identify = createIdentify([knownTable, webTable].flatMap(readTables), shape);
  const functions = shape.imports.filter(({ kind }) => kind === "function");
  const hooks = findPanicHooks(functions);
  const { planned } = planImports(shape, identify, combineStatements(stated, undefined), readings);
  const meanings: { [name: string]: string } = {};
  const holes: string[] = [];
  for (const one of functions) {
    const declaration = hooks.get(one)?.declaration ?? identify.identified(one)?.declaration;
    const meaning = declaration && !evaluates(declaration, one.name) ? formatMeaning(declaration) : undefined;
    if (meaning !== undefined) meanings[one.name] = meaning;
    else if (planned(one)?.hint !== undefined) holes.push(one.name);
  }
  return {
    toolchain: "wasm-bindgen",
    ...(identify.bindgen !== undefined && { version: `0.2.${identify.bindgen}` }),
    meanings: { ...meanings, ...stated.meanings },
    ...(stated.casts && { casts: stated.casts }),
    ...(stated.closures && { closures: stated.closures }),
    ...(holes.length > 0 && { holes }),
  };
}
