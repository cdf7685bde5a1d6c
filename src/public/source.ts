/**
 * The part of a `Response` that the library reads. A response of any Fetch implementation fits.
 *
 * @category Details of sources
 */
export interface ResponseLike {
  /** Whether the status is 200–299. */
  readonly ok: boolean;
  /** The status. */
  readonly status: number;
  /** The status text. */
  readonly statusText: string;
  /** The URL of the response, after redirects. */
  readonly url: string;
  /** Its headers. */
  readonly headers: {
    /** The value of one header; `null` if it is absent. */
    get(name: string): string | null;
  };
  /** Reads its body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The part of a `Request` that identifies it.
 *
 * @category Details of sources
 */
export interface RequestLike {
  /** The address. */
  readonly url: string;
  /** The method. */
  readonly method: string;
  /** Makes a copy. */
  clone(): unknown;
}

/**
 * The part of a `Blob` that the library reads.
 *
 * @category Details of sources
 */
export interface BlobLike {
  /** Its size in bytes. */
  readonly size: number;
  /** Its media type; empty if unknown. */
  readonly type: string;
  /** Reads its contents. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The part of a `ReadableStream` that identifies it.
 *
 * @category Details of sources
 */
export interface StreamLike {
  /** Whether it already has a reader. */
  readonly locked: boolean;
  /** Returns a reader. */
  getReader(): unknown;
  /**
   * Cancels the stream.
   *
   * @param reason - Why.
   */
  cancel(reason?: unknown): Promise<void>;
}

/**
 * The part of a `URL` that the library reads.
 *
 * @category Details of sources
 */
export interface URLLike {
  /** The whole address. */
  readonly href: string;
  /** The scheme, with its colon. */
  readonly protocol: string;
}

/**
 * The part of an `AbortSignal` that the library uses.
 *
 * @category Details of sources
 */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean;
  /** The reason for the abort. */
  readonly reason: unknown;
  /**
   * Adds a listener.
   *
   * @param type - The event.
   * @param listener - Called when it is aborted.
   */
  addEventListener(type: "abort", listener: () => void): void;
  /**
   * Removes a listener.
   *
   * @param type - The event.
   * @param listener - The listener to remove.
   */
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * The type of the global `fetch`, or only the part that the library uses if the compiler declares none.
 *
 * @category Loading
 */
export type FetchFunction = typeof globalThis extends { fetch: infer Fetch }
  ? Fetch
  : (input: string | RequestLike, init: { signal?: AbortSignalLike; integrity?: string }) => Promise<ResponseLike>;

/**
 * A module's bytes: a buffer, or any view of one at any offset.
 *
 * @category Loading
 */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/**
 * A compiled module. `object` excludes numbers, which would fit an interface without members.
 *
 * @category Details of sources
 */
export type ModuleLike = WebAssembly.Module & object;

/**
 * Where a module comes from. A string is a URL if it has a scheme of two letters or more, and a path otherwise.
 *
 * @category Loading
 */
export type SourceValue = string | URLLike | RequestLike | ResponseLike | Bytes | BlobLike | StreamLike | ModuleLike;

/**
 * Where a module comes from, or a promise or function of it.
 *
 * @category Loading
 */
export type Source = SourceValue | PromiseLike<SourceValue> | (() => SourceValue | PromiseLike<SourceValue>);

/**
 * Where a module comes from, for synchronous calls. A string is a path and works in Node.
 *
 * @category Loading
 */
export type SyncSource = string | URLLike | Bytes | ModuleLike;

/**
 * How far a download has come.
 *
 * @example
 * ```ts
 * const wasm = await load("./app.wasm", {
 *   onProgress: ({ loaded, total }) =>
 *     console.log(total === undefined ? loaded : loaded / total),
 * });
 * ```
 * @category Loading
 */
export interface Progress {
  /** Bytes received. */
  readonly loaded: number;
  /**
   * The total number of bytes, if the length is known in advance. Otherwise (for example under a content encoding) it is
   * read from the module: `undefined` until the code section begins, then the end of the last section that has begun. This
   * is exact for the code, grows if data or names follow, and is never below `loaded`. In the last event the two are equal.
   */
  readonly total: number | undefined;
}
