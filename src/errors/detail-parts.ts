import type { ExternKind, ExternType } from "../public/index.ts";

/**
 * The content of a source that is not a WebAssembly module.
 *
 * @category Details of errors
 */
export type FoundInstead = "empty" | "html" | "text" | "wat" | "json" | "component" | "gzip" | "unknown";

/**
 * The problem with a source: its kind, that it cannot be read synchronously, that it has been read already, a chunk of a
 * stream, the result of `fetch`, or the request passed to it.
 *
 * @category Details of errors
 */
export type SourceProblem = "kind" | "sync" | "used" | "chunk" | "fetched" | "request";

/**
 * How a module breaks the binary format.
 *
 * @category Details of errors
 */
export type Malformation =
  | "byte"
  | "encoding"
  | "index"
  | "order"
  | "short"
  | "long"
  | "supertype"
  | "tag"
  | "memory"
  | "unlimited"
  | "limits"
  | "mutable"
  | "elements"
  | "twice"
  | "start";

/**
 * The thing that exceeds a limit: a source, a definition of the module, the declaration of an import, or the value given for
 * one.
 *
 * @category Details of errors
 */
export type LimitedSize =
  | { readonly kind: "source"; readonly from?: string; readonly isDecompressed: boolean }
  | { readonly kind: "definition"; readonly index: number }
  | { readonly kind: "import"; readonly module: string; readonly name: string; readonly isDefault: boolean }
  | { readonly kind: "given"; readonly module: string; readonly name: string };

/**
 * Why an import cannot be created: its type has no zero value, the page is not cross-origin isolated, or the engine refuses
 * (see the cause).
 *
 * @category Details of errors
 */
export type CreationObstacle = "not-nullable" | "not-isolated" | "engine";

/**
 * An import without a provider, as listed by the error `unresolved-imports`.
 *
 * @category Details of errors
 */
export interface UnresolvedImport {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** The import's kind. */
  readonly kind: ExternKind;
  /** The declared type; absent if only the engine's description of the module is known. */
  readonly type?: ExternType;
  /** The most similar `module.name` among the given imports, if one is similar enough to be a typing error. */
  readonly nearest?: string;
  /** Its origin, and how to provide it, if that is known. */
  readonly hint?: string;
}

/**
 * One of the module's functions on the stack when it trapped, as far as the engine reports it.
 *
 * @category Details of errors
 */
export interface TrapFrame {
  /** Its name, if the module has a name section, as the engine writes it, possibly after the module's name. */
  readonly name?: string;
  /** Its index, imports included. */
  readonly index?: number;
  /** The position in the function, in bytes from the module's start. */
  readonly offset?: number;
}

/**
 * The size of a memory that could not grow as far as the module needs.
 *
 * @category Details of errors
 */
export interface MemoryUse {
  /** Its pages. */
  readonly pages: number;
  /** The most pages that it may have. */
  readonly maximum: number;
  /** Bytes of a page. */
  readonly pageSize: number;
  /** The pages that were asked for, if that is known. */
  readonly asked?: number;
  /** The option that sets the maximum; absent if the module sets it. */
  readonly limit?: "memoryPages";
}

/**
 * Where a value between a host function (`t.host`) and the module was refused. Absent if the error is of anything else.
 *
 * @category Details of errors
 */
export interface AtImport {
  /** The import, as in `"env"."read"` with its quotation marks. */
  readonly call?: string;
  /** The parameter by its declared name or as `"parameter 2"`, or `"result"`; absent if no single one is at fault. */
  readonly argument?: string;
}
