import { inspect } from "../../../src/inspect.ts";
import { readAbi } from "../../../src/toolchains/wasm-bindgen/abi.ts";
import {
  createIdentify,
  type Declaration,
  knownTable,
  readTables,
} from "../../../src/toolchains/wasm-bindgen/known/index.ts";
import { webTable } from "../../../src/toolchains/wasm-bindgen/known/web-table.ts";
import { combineStatements } from "../../../src/toolchains/wasm-bindgen/statements.ts";
import { planImports } from "../../../src/toolchains/wasm-bindgen/plan.ts";
import { readings } from "../../../src/toolchains/wasm-bindgen/readings.ts";

/** How an import is known. */
export type By = "own" | "hash" | "stub";

/** One import of a module, and what the library takes it for. */
export interface ReadImport {
  readonly name: string;
  readonly by: By;
  readonly evidence: string;
  readonly declaration?: Declaration;
}

/** A module as the library reads it. */
export interface ReadModule {
  readonly version: string;
  readonly abi: string;
  /** Whether an import that throws can hand the exception to the module. */
  readonly storesExceptions: boolean;
  /** How long it took to identify the imports. */
  readonly milliseconds: number;
  readonly imports: readonly ReadImport[];
}

/**
 * Reads a module with the library.
 *
 * @param bytes - The module.
 * @param tables - Tables of declarations to use instead of the library's own.
 * @returns `undefined` if it is none of wasm-bindgen's.
 */
export function readModule(
  bytes: Uint8Array<ArrayBuffer>,
  tables: readonly string[] = [knownTable, webTable],
): ReadModule | undefined {
  const shape = inspect(bytes);
  if (shape.toolchain.name !== "wasm-bindgen") return undefined;
  const begun = performance.now();
  const identify = createIdentify(tables.flatMap(readTables), shape);
  const plan = planImports(shape, identify, combineStatements({}, undefined), readings);
  const milliseconds = performance.now() - begun;
  const imports = shape.imports
    .filter(({ kind }) => kind === "function")
    .map((wanted): ReadImport => {
      const planned = plan.planned(wanted);
      const { name } = wanted;
      if (!planned) return { name, by: "stub", evidence: "not wasm-bindgen's" };
      if (!planned.make) return { name, by: "stub", evidence: planned.hint };
      const { evidence } = planned;
      const by = evidence.startsWith("hash: ") ? "hash" : "own";
      const identified = by === "hash" ? identify.identified(wanted) : undefined;
      return { name, by, evidence, ...(identified && { declaration: identified.declaration }) };
    });
  const version = shape.toolchain.version ?? "?";
  const { handles: abi, helpers } = readAbi(shape);
  return { version, abi, storesExceptions: helpers.storeException !== undefined, milliseconds, imports };
}
