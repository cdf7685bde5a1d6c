import type { Extern, FunctionType, MemoryType, TableType } from "./wasm.ts";

/** One import that a module declares. */
export type ImportShape = Extern & {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** Where a function's or tag's type stands in the type section; kept only where that type refers to others by index. */
  readonly typeIndex?: number;
};

/** One export that a module declares. */
export type ExportShape = Extern & {
  /** The export's name. */
  readonly name: string;
  /** Its index among the module's items of its kind, imports first; absent where a shape is not complete. */
  readonly index?: number;
};

/** One custom section. */
export interface CustomSection {
  /** Its name. */
  readonly name: string;
  /** Where its contents (after the name) start, in bytes from the module's start; absent for what only the engine saw: behind the code of a streamed module, and in a bare one. */
  readonly offset?: number;
  /** Bytes of contents. */
  readonly size: number;
}

/** A name with a version, as in the `producers` section. */
export interface NamedVersion {
  /** The tool's or language's name. */
  readonly name: string;
  /** Its version; may be empty. */
  readonly version: string;
}

/** The contents of the `producers` section. */
export interface Producers {
  /** The source languages. */
  readonly language: readonly NamedVersion[];
  /** The tools that worked on the module. */
  readonly processedBy: readonly NamedVersion[];
  /** The kits that it was built with. */
  readonly sdk: readonly NamedVersion[];
}

/** One entry of the `target_features` section. */
export interface TargetFeature {
  /** `"+"`: used, `"-"`: must not be used in a link with it, `"="`: required. */
  readonly prefix: "+" | "-" | "=";
  /** The feature's name, such as `"simd128"`. */
  readonly name: string;
}

/**
 * What a module for dynamic linking needs: the contents of its `dylink.0` section, or of `dylink` in modules of 2021 and
 * before.
 *
 * @example `new WebAssembly.Global({ value: "i32" }, alignUp(top, shape.dylink.memoryAlign))` for `__memory_base`
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

/** Names from the `name` section, read where asked for. */
export interface DebugNames {
  /** The module's name. */
  readonly module?: string;
  /** Function names as pairs of function index (imports first) and name. */
  readonly functions: readonly (readonly [index: number, name: string])[];
}

/** Which toolchain made a module, and why that is believed. */
export interface Toolchain {
  /** The toolchain's name; `"unknown"` where nothing gives it away. */
  readonly name: string;
  /** Its version, where the module tells. */
  readonly version?: string;
  /** What in the module says so, in words; the strongest first. */
  readonly evidence: readonly string[];
}

/** Something that a user of this module should know. */
export interface Advice {
  /** A short stable name, such as `"minified-names"`. */
  readonly code: string;
  /** What it is and what to do, in a sentence or two. */
  readonly message: string;
}

/** The ways in which a constructor makes an object; `docs/interfaces.md` tells them apart. */
export type ConstructorPattern = "direct" | "return-pointer" | "multi-value" | "factory" | "in-place";

/** An exported function that belongs to a class. */
export interface ClassFunction {
  /** Its name without what the names of the class begin with. */
  readonly name: string;
  /** The export's name. */
  readonly export: string;
  /** The export's type. */
  readonly type: FunctionType;
}

/** A public field of a class. */
export interface ClassField {
  /** Its name. */
  readonly name: string;
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
}

/** A class as the names of a module's exports show it. */
export interface ClassShape {
  /** Its name, as the names of its exports have it: wasm-bindgen writes it in lower case. */
  readonly name: string;
  /** Its constructors, with how each makes an object. */
  readonly constructors: readonly (ClassFunction & { readonly pattern: ConstructorPattern })[];
  /** Its methods, static methods, getters and setters: names do not tell these apart. */
  readonly methods: readonly ClassFunction[];
  /** Its public fields. */
  readonly fields: readonly ClassField[];
  /** The export that frees an object; absent where none was found. */
  readonly free?: string;
  /** Why this is believed to be a class. */
  readonly evidence: string;
}

/**
 * All that a module says of itself from outside: imports, exports, limits, sections, toolchain.
 * Plain data: it can be cloned, posted to a worker, and stored as JSON (below 2^53).
 */
export interface Shape {
  /** Whether types are known. False for a bare `WebAssembly.Module`, which tells names and kinds only. */
  readonly complete: boolean;
  /** The imports, in the module's order. */
  readonly imports: readonly ImportShape[];
  /** The exports, in the module's order. */
  readonly exports: readonly ExportShape[];
  /** The types of all memories by index, imported ones first. */
  readonly memories: readonly MemoryType[];
  /** The types of all tables by index, imported ones first. */
  readonly tables: readonly TableType[];
  /** The index of the start function; absent for none. */
  readonly start?: number;
  /** The custom sections, in the module's order. Of those behind the code, a streamed or compiled module lists only what is read of it: not `name`, which may be large. */
  readonly customSections: readonly CustomSection[];
  /** The `producers` section, where there is one. */
  readonly producers?: Producers;
  /** The `target_features` section, where there is one. */
  readonly targetFeatures?: readonly TargetFeature[];
  /** The `dylink.0` or `dylink` section, where there is one. */
  readonly dylink?: Dylink;
  /** The classes found among the exports; listed by `inspect` alone. */
  readonly classes?: readonly ClassShape[];
  /** The `name` section, where it was asked for. */
  readonly names?: DebugNames;
  /** The toolchain that made the module. */
  readonly toolchain: Toolchain;
  /** What to know before using it. */
  readonly advice: readonly Advice[];
  /** The type section's contents as hexadecimal digits, kept only where an import's type refers to it by index. */
  readonly typeSection?: string;
}
