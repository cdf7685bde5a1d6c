import type { AllocatorExports } from "../memory/index.ts";
import type { Answer } from "../imports/index.ts";
import type { Adapter, ImportShape, Shape } from "../public/index.ts";
import type { AdviceCode } from "./advice.ts";
import { type Expected, functionOf } from "./evidence.ts";

/** All of a shape that a toolchain can be read from. */
export type Clues = Pick<Shape, "imports" | "exports" | "customSections" | "producers">;

/**
 * A name, and what it must be the name of. Of the signs of one list the first whose name fits an item decides about it, so a
 * particular name comes before the general one.
 */
export interface NameSign {
  /** Where it is named. */
  readonly from: "producer" | "section" | "import" | "export";
  /** A pattern for the name: `name version` of a producer, `module.name` of an import. */
  readonly name: RegExp;
  /** The kinds and types of an import or export; `undefined` for the others. */
  readonly is: readonly Expected[] | undefined;
}

/** A sign that the whole module gives. */
export interface WholeSign {
  /** Whether the module gives it. */
  readonly fits: (clues: Clues) => boolean;
  /** The evidence, in words. */
  readonly line: string;
}

/** Signs, of which the first item that fits one is the evidence. */
export type Signs = readonly NameSign[] | WholeSign;

/** The adapter of a toolchain, which is a chunk of its own. */
export interface AdapterChunk {
  /** Fetches it. Errors: `chunk-unavailable`. */
  readonly fetch: () => Promise<Adapter>;
  /** A pattern for the names of the imports that it serves. */
  readonly serves: RegExp;
  /** The entry point that exports it, quoted. */
  readonly from: string;
  /** The line that imports it, for a call that cannot wait. */
  readonly importLine: string;
  /** The call that makes it, in the option `adapters`. */
  readonly call: string;
}

/** A toolchain whose modules are recognised. */
export interface Toolchain {
  readonly name: string;
  /** Each list gives one line of evidence. */
  readonly signs: readonly Signs[];
  /**
   * How the exports of its modules are called: `"c"` by C's convention, `"adapter"` by that of its adapter, `"unknown"` by one
   * that this library does not have.
   */
  readonly convention: "c" | "adapter" | "unknown";
  /** Whether its modules give their functions to a runtime, and do not export them. */
  readonly registersFunctions: boolean;
  /** The custom sections that it is told by. */
  readonly sections: readonly string[];
  /** Advice on using a module. */
  readonly advice: readonly AdviceSigns[];
  /** The exports by which its modules allocate. */
  readonly allocators: readonly AllocatorExports[];
  /** Whether the runtime of its modules takes all memory behind its own for its own, whoever has grown it. */
  readonly claimsMemory: boolean;
  /**
   * Gives the result by which an import says that it is not there, where its zero would mean that all went well; `undefined` for others.
   */
  readonly answer: ((wanted: ImportShape) => Answer | undefined) | undefined;
  readonly adapter: AdapterChunk | undefined;
  /** Who provides imports that only a runtime of the toolchain's can. */
  readonly runtimes: readonly RuntimeImports[];
}

/** Imports that a runtime provides. */
export interface RuntimeImports {
  /** A pattern for `module.name`. */
  readonly imports: RegExp;
  /** What they belong to, and how to get it. */
  readonly hint: string;
}

/** When to give an advice. */
export interface AdviceSigns {
  readonly code: AdviceCode;
  /** The signs that must all be there. */
  readonly all: readonly Signs[];
  /** The signs that must not. */
  readonly none: Signs | undefined;
  /** Whether it is only for modules of this very toolchain. */
  readonly own: boolean;
}

/** Of a toolchain that is no more than recognised. */
export const recognised = {
  convention: "unknown",
  registersFunctions: false,
  sections: [],
  advice: [],
  allocators: [],
  claimsMemory: false,
  answer: undefined,
  adapter: undefined,
  runtimes: [],
} as const satisfies Partial<Toolchain>;

/**
 * The sign of a producer.
 *
 * @param name - A pattern for its name and version.
 */
export function producer(name: RegExp): NameSign {
  return { from: "producer", name, is: undefined };
}

/**
 * The sign of a custom section.
 *
 * @param name - A pattern for its name.
 */
export function section(name: RegExp): NameSign {
  return { from: "section", name, is: undefined };
}

/**
 * The sign of an import.
 *
 * @param name - A pattern for `module.name`.
 * @param is - The kinds and types it may have.
 */
export function imported(name: RegExp, is: readonly Expected[]): NameSign {
  return { from: "import", name, is };
}

/**
 * The sign of an export.
 *
 * @param name - A pattern for its name.
 * @param is - The kinds and types it may have.
 */
export function exported(name: RegExp, is: readonly Expected[]): NameSign {
  return { from: "export", name, is };
}

// In the patterns of types an address is `[ij]`: i32, or i64 in a module of 64-bit memory.

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
