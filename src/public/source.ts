/** The part of a `Response` that the library reads; any Fetch implementation's fits. */
export interface ResponseLike {
  /** Whether the status is 200–299. */
  readonly ok: boolean;
  /** The status. */
  readonly status: number;
  /** The status in words. */
  readonly statusText: string;
  /** The address that it came from, after redirects. */
  readonly url: string;
  /** Its headers. */
  readonly headers: {
    /** The value of one header; `null` where it is not there. */
    get(name: string): string | null;
  };
  /** Reads its body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The part of a `Request` that tells it apart. */
export interface RequestLike {
  /** The address. */
  readonly url: string;
  /** The method. */
  readonly method: string;
  /** Makes a copy. */
  clone(): unknown;
}

/** The part of a `Blob` that the library reads. */
export interface BlobLike {
  /** Its size in bytes. */
  readonly size: number;
  /** Its media type; empty where not known. */
  readonly type: string;
  /** Reads its contents. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The part of a `ReadableStream` that tells it apart. */
export interface StreamLike {
  /** Whether someone reads it already. */
  readonly locked: boolean;
  /** Begins to read it. */
  getReader(): unknown;
  /**
   * Gives it up.
   *
   * @param reason - Why.
   */
  cancel(reason?: unknown): Promise<void>;
}

/** The part of a `URL` that the library reads. */
export interface URLLike {
  /** The whole address. */
  readonly href: string;
  /** The scheme, with its colon. */
  readonly protocol: string;
}

/** The part of an `AbortSignal` that the library uses. */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean;
  /** Why it has been. */
  readonly reason: unknown;
  /**
   * Begins to listen.
   *
   * @param type - The event.
   * @param listener - Called when it is aborted.
   */
  addEventListener(type: "abort", listener: () => void): void;
  /**
   * Stops listening.
   *
   * @param type - The event.
   * @param listener - What listened.
   */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The type of the global `fetch`, or the part of it that the library uses where the compiler knows of none. */
export type FetchFunction = typeof globalThis extends { fetch: infer Fetch }
  ? Fetch
  : (input: string | RequestLike, init: { signal?: AbortSignalLike; integrity?: string }) => Promise<ResponseLike>;

/** A module's bytes: a buffer, or any view of one at any offset. */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/** A compiled module. Declared as an interface without members, which a number would fit as well. */
export type ModuleLike = WebAssembly.Module & object;

/** Where a module comes from. A string is a URL if it has a scheme of two letters or more, and a path otherwise. */
export type SourceValue = string | URLLike | RequestLike | ResponseLike | Bytes | BlobLike | StreamLike | ModuleLike;

/** Where a module comes from, or a promise or function of it. */
export type Source = SourceValue | PromiseLike<SourceValue> | (() => SourceValue | PromiseLike<SourceValue>);

/** Where a module comes from, for the calls that do not wait. A string is a path and works in Node. */
export type SyncSource = string | URLLike | Bytes | ModuleLike;

/** How far a download has come. */
export interface Progress {
  /** Bytes received. */
  readonly loaded: number;
  /**
   * Bytes in all, where the length is known beforehand. Otherwise, as under a content encoding, the module tells: `undefined`
   * until its code section begins, then the end of the last section that has begun. That is exact for the code, grows if
   * data or names follow, and is never below `loaded`. In the last event the two are equal.
   */
  readonly total: number | undefined;
}
