import type { AllocatorExports } from "../memory/index.ts";
import type { Answer } from "../imports/index.ts";
import type { Adapter, ImportShape, Shape } from "../public/index.ts";
import type { AdviceCode } from "./advice.ts";
import { type Expected, functionOf } from "./evidence.ts";

/** The parts of a shape that can identify a toolchain. */
export type Clues = Pick<Shape, "imports" | "exports" | "customSections" | "producers">;

/**
 * A name, and the kinds of items that may have it. Within one list, the first sign whose name matches an item decides about
 * it, so a specific name comes before a general one.
 */
export interface NameSign {
  /** The place of the name. */
  readonly from: "producer" | "section" | "import" | "export";
  /** A pattern for the name: `name version` of a producer, `module.name` of an import. */
  readonly name: RegExp;
  /** The kinds and types of an import or export; `undefined` for other places. */
  readonly is: readonly Expected[] | undefined;
}

/** A sign that depends on the whole module. */
export interface WholeSign {
  /** Whether the module has the sign. */
  readonly fits: (clues: Clues) => boolean;
  /** The evidence, as text. */
  readonly line: string;
}

/** Signs. The first item that matches one of them is the evidence. */
export type Signs = readonly NameSign[] | WholeSign;

/** The adapter of a toolchain, in a separate chunk. */
export interface AdapterChunk {
  /**
   * Fetches it. Errors: `chunk-unavailable`.
   *
   * @param shape - The module that it is for.
   * @param isInformed - Whether it will be given what is known of the module, and may need nothing else.
   * @param mayHost - Whether host functions may serve imports.
   */
  readonly fetch: (shape: Shape, isInformed: boolean, mayHost: boolean) => Promise<Adapter>;
  /** A pattern for the names of the imports that it serves. */
  readonly serves: RegExp;
  /**
   * A pattern for the modules whose imports follow its convention; `undefined` for those with an import that it serves.
   */
  readonly ownsImports: RegExp | undefined;
  /** The entry point that exports it, quoted. */
  readonly from: string;
  /** The line that imports it, for a synchronous call. */
  readonly importLine: string;
  /** The call that makes it, in the option `adapters`. */
  readonly call: string;
}

/** The adapter of a system interface, in a separate chunk. It provides imports and leaves the convention to others. */
export interface SystemChunk {
  /** Fetches it. Errors: `chunk-unavailable`. */
  readonly fetch: () => Promise<Adapter>;
  /** A pattern for `module.name` of the imports that it serves, in modules of any toolchain. */
  readonly serves: RegExp;
}

/** A toolchain whose modules are recognised. */
export interface Toolchain {
  readonly name: string;
  /** Each list gives one line of evidence. */
  readonly signs: readonly Signs[];
  /**
   * The calling convention of its modules' exports: `"c"` for that of C, `"adapter"` for that of its adapter, `"unknown"`
   * for one that this library lacks.
   */
  readonly convention: "c" | "adapter" | "unknown";
  /** Whether its modules register their functions with a runtime instead of exporting them. */
  readonly registersFunctions: boolean;
  /** A pattern for `module.name` of an import that only programs have: their functions are set by the run that starts them. */
  readonly program?: RegExp;
  /** The custom sections that identify it. */
  readonly sections: readonly string[];
  /** A pattern for the names of imports whose meaning stands in the `name` section. */
  readonly describes: RegExp | undefined;
  /** Advice on using a module. */
  readonly advice: readonly AdviceSigns[];
  /** The exports by which its modules allocate. */
  readonly allocators: readonly AllocatorExports[];
  /** Whether the runtime of its modules claims all memory after its own, whoever has grown it. */
  readonly claimsMemory: boolean;
  /**
   * Returns the result by which an import reports that it is unavailable, if zero would mean success; `undefined` for other
   * imports.
   */
  readonly answer: ((wanted: ImportShape) => Answer | undefined) | undefined;
  /**
   * A pattern for `module.name` of the imports that throw on the module's behalf: an exception of its language, a long jump,
   * an exit.
   */
  readonly unwinds: RegExp | undefined;
  readonly adapter: AdapterChunk | undefined;
  readonly system: SystemChunk | undefined;
  /** The imports that only a runtime of the toolchain can provide. */
  readonly runtimes: readonly RuntimeImports[];
}

/** Imports that a runtime provides. */
export interface RuntimeImports {
  /** A pattern for `module.name`. */
  readonly imports: RegExp;
  /** A description of the runtime, and how to get it. */
  readonly hint: string;
}

/** The condition for a piece of advice. */
export interface AdviceSigns {
  readonly code: AdviceCode;
  /** The signs that must all be present. */
  readonly all: readonly Signs[];
  /** The signs that must be absent. */
  readonly none: Signs | undefined;
  /** Whether it applies only to modules of this toolchain. */
  readonly own: boolean;
}

/** The defaults of a toolchain that is only recognised. */
export const recognised = {
  convention: "unknown",
  registersFunctions: false,
  sections: [],
  describes: undefined,
  advice: [],
  allocators: [],
  claimsMemory: false,
  answer: undefined,
  unwinds: undefined,
  adapter: undefined,
  system: undefined,
  runtimes: [],
} as const satisfies Partial<Toolchain>;

/**
 * Makes the sign of a producer.
 *
 * @param name - A pattern for its name and version.
 */
export function producer(name: RegExp): NameSign {
  return { from: "producer", name, is: undefined };
}

/**
 * Makes the sign of a custom section.
 *
 * @param name - A pattern for its name.
 */
export function section(name: RegExp): NameSign {
  return { from: "section", name, is: undefined };
}

/**
 * Makes the sign of an import.
 *
 * @param name - A pattern for `module.name`.
 * @param is - The kinds and types it may have.
 */
export function imported(name: RegExp, is: readonly Expected[]): NameSign {
  return { from: "import", name, is };
}

/**
 * Makes the sign of an export.
 *
 * @param name - A pattern for its name.
 * @param is - The kinds and types it may have.
 */
export function exported(name: RegExp, is: readonly Expected[]): NameSign {
  return { from: "export", name, is };
}

// In type patterns an address is `[ij]`: i32, or i64 in a module with 64-bit memory.

/** Any function. */
export const anyFunction: readonly Expected[] = [{ kind: "function" }];
/** Functions of numbers. */
export const ofNumbers = functionOf(/^[ijfd]*>[ijfd]*$/);
/** Functions of numbers and references. */
export const ofValues = functionOf(/^[ijfdr]*>[ijfdr]*$/);
/** Functions that take and return nothing. */
export const withoutAnything = functionOf(/^>$/);
/** Immutable globals that hold an address. */
export const offset: readonly Expected[] = [{ kind: "global", type: /^[ij]$/ }];
