import type { AllocatorNames } from "./allocator.ts";
import type { Extern, FunctionType, MemoryType, TableType } from "./wasm.ts";

/**
 * One import that a module declares.
 *
 * @category Shapes
 */
export type ImportShape = Extern & {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** The index of a function's or tag's type in the type section; kept only if that type refers to others by index. */
  readonly typeIndex?: number;
};

/**
 * One export that a module declares.
 *
 * @category Shapes
 */
export type ExportShape = Extern & {
  /** The export's name. */
  readonly name: string;
  /** Its index among the module's items of its kind, imports first; absent if the shape is not complete. */
  readonly index?: number;
};

/**
 * One custom section.
 *
 * @category Details of shapes
 */
export interface CustomSection {
  /** Its name. */
  readonly name: string;
  /**
   * Where its contents (after the name) start, in bytes from the module's start. Absent for a section that only the engine
   * saw: after the code of a streamed module, and in a bare `WebAssembly.Module`.
   */
  readonly offset?: number;
  /** Bytes of contents. */
  readonly size: number;
}

/**
 * A name with a version, as in the `producers` section.
 *
 * @category Details of shapes
 */
export interface NamedVersion {
  /** The tool's or language's name. */
  readonly name: string;
  /** Its version; may be empty. */
  readonly version: string;
}

/**
 * The contents of the `producers` section.
 *
 * @example
 * ```ts
 * const languages = inspect(bytes).producers?.language.map(
 *   ({ name }) => name,
 * );
 * ```
 * @category Shapes
 */
export interface Producers {
  /** The source languages. */
  readonly language: readonly NamedVersion[];
  /** The tools that worked on the module. */
  readonly processedBy: readonly NamedVersion[];
  /** The SDKs that it was built with. */
  readonly sdk: readonly NamedVersion[];
}

/**
 * One entry of the `target_features` section.
 *
 * @category Details of shapes
 */
export interface TargetFeature {
  /** `"+"`: used, `"-"`: must not be used by anything linked with it, `"="`: required. */
  readonly prefix: "+" | "-" | "=";
  /** The feature's name, such as `"simd128"`. */
  readonly name: string;
}

/**
 * The needs of a module for dynamic linking: the contents of its `dylink.0` section, or of `dylink` in modules from 2021 and
 * earlier.
 *
 * @example
 * ```ts
 * const { memorySize = 0, needed = [] } = inspect(bytes).dylink ?? {};
 * ```
 * @category Shapes
 */
export interface Dylink {
  /** Bytes of memory it needs. */
  readonly memorySize: number;
  /** Alignment of that memory, in bytes. */
  readonly memoryAlign: number;
  /** Table elements it needs. */
  readonly tableSize: number;
  /** Alignment of these elements. */
  readonly tableAlign: number;
  /** The libraries it needs. */
  readonly needed: readonly string[];
}

/**
 * Names from the `name` section, read on request. Without a request these are only the names of imported functions whose
 * meaning stands there, such as the casts of wasm-bindgen.
 *
 * @example
 * ```ts
 * const names = new Map(inspect(bytes, { names: true }).names?.functions);
 * ```
 * @category Shapes
 */
export interface DebugNames {
  /** The module's name. */
  readonly module?: string;
  /** Function names as pairs of function index (imports first) and name. */
  readonly functions: readonly (readonly [index: number, name: string])[];
}

/**
 * Which toolchain made a module, and why that is believed.
 *
 * @example
 * ```ts
 * const { name, version, evidence } = inspect(bytes).toolchain;
 * ```
 * @category Shapes
 */
export interface Toolchain {
  /** The toolchain's name; `"unknown"` without evidence. */
  readonly name: string;
  /** Its version, if the module states it. */
  readonly version?: string;
  /** The evidence in the module, as text; the strongest first. */
  readonly evidence: readonly string[];
}

/**
 * Something that a user of this module should know.
 *
 * @example
 * ```ts
 * for (const { code, message } of inspect(bytes).advice)
 *   console.log(code, message);
 * ```
 * @category Shapes
 */
export interface Advice {
  /** A short stable name, such as `"minified-names"`. */
  readonly code: string;
  /** An explanation and what to do, in a sentence or two. */
  readonly message: string;
}

/**
 * The ways in which a constructor makes an object; `docs/interfaces.md` explains them.
 *
 * @category Details of shapes
 */
export type ConstructorPattern = "direct" | "return-pointer" | "multi-value" | "factory" | "in-place";

/**
 * An exported function that belongs to a class.
 *
 * @category Details of shapes
 */
export interface ClassFunction {
  /** Its name without the class's prefix. */
  readonly name: string;
  /** The export's name. */
  readonly export: string;
  /** The export's type. */
  readonly type: FunctionType;
}

/**
 * A public field of a class.
 *
 * @category Details of shapes
 */
export interface ClassField {
  /** Its name. */
  readonly name: string;
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
}

/**
 * A class that the names of a module's exports reveal.
 *
 * @example
 * ```ts
 * for (const { name, constructors } of inspect(bytes).classes ?? []) {
 *   console.log(name, constructors.map(({ pattern }) => pattern));
 * }
 * ```
 * @category Shapes
 */
export interface ClassShape {
  /** Its name, spelled as in the export names: wasm-bindgen writes it in lower case. */
  readonly name: string;
  /** Its constructors, with how each makes an object. */
  readonly constructors: readonly (ClassFunction & { readonly pattern: ConstructorPattern })[];
  /** Its methods, static methods, getters and setters. Export names do not distinguish these. */
  readonly methods: readonly ClassFunction[];
  /** Its public fields. */
  readonly fields: readonly ClassField[];
  /** The export that frees an object; absent if none was found. */
  readonly free?: string;
  /** The evidence that this is a class. */
  readonly evidence: string;
}

/**
 * The description of a module as seen from outside: imports, exports, limits, sections, toolchain. It is plain data: it can
 * be cloned, posted to a worker, and stored as JSON (below 2^53).
 *
 * @example
 * ```ts
 * const { imports, exports, memories, toolchain } = inspect(bytes);
 * ```
 * @category Shapes
 */
export interface Shape {
  /** Whether types are known. False for a bare `WebAssembly.Module`, which has only names and kinds. */
  readonly complete: boolean;
  /** The imports, in the module's order. */
  readonly imports: readonly ImportShape[];
  /** The exports, in the module's order. */
  readonly exports: readonly ExportShape[];
  /** The types of all memories by index, imported ones first. */
  readonly memories: readonly MemoryType[];
  /** The types of all tables by index, imported ones first. */
  readonly tables: readonly TableType[];
  /** The index of the start function; absent if there is none. */
  readonly start?: number;
  /**
   * The custom sections, in the module's order. Of those after the code, a streamed or compiled module lists only the ones
   * that this library reads, and not `name`, which may be large.
   */
  readonly customSections: readonly CustomSection[];
  /** The `producers` section, if present. */
  readonly producers?: Producers;
  /** The `target_features` section, if present. */
  readonly targetFeatures?: readonly TargetFeature[];
  /** The `dylink.0` or `dylink` section, if present. */
  readonly dylink?: Dylink;
  /** The classes found among the exports; listed by `inspect` alone. */
  readonly classes?: readonly ClassShape[];
  /** The exports that allocate and free, as far as they are known by name; listed by `inspect` alone. */
  readonly allocator?: AllocatorNames;
  /** The `name` section if requested; otherwise the part of it that tells what imports mean, if there are such imports. */
  readonly names?: DebugNames;
  /** The toolchain that made the module. */
  readonly toolchain: Toolchain;
  /** Advice for using the module. */
  readonly advice: readonly Advice[];
  /** The type section's contents as hexadecimal digits, kept only if an import's type refers to it by index. */
  readonly typeSection?: string;
}
