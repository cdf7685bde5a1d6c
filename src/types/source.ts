/** The part of a `Response` that the library reads; any Fetch implementation's fits. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The part of a `Request` that tells it apart. */
export interface RequestLike {
  readonly url: string;
  readonly method: string;
  clone(): unknown;
}

/** The part of a `Blob` that the library reads. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The part of a `ReadableStream` that tells it apart. */
export interface StreamLike {
  readonly locked: boolean;
  getReader(): unknown;
  cancel(reason?: unknown): Promise<void>;
}

/** The part of a `URL` that the library reads. */
export interface URLLike {
  readonly href: string;
  readonly protocol: string;
}

/** The part of an `AbortSignal` that the library uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A module's bytes: a buffer, or any view of one at any offset. */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/** Where a module comes from. A string is a URL if it has a scheme of two letters or more, and a path otherwise. */
export type SourceValue =
  string | URLLike | RequestLike | ResponseLike | Bytes | BlobLike | StreamLike | WebAssembly.Module;

/** Where a module comes from, or a promise or function of it. */
export type Source = SourceValue | PromiseLike<SourceValue> | (() => SourceValue | PromiseLike<SourceValue>);

/** Where a module comes from, for the calls that do not wait. A string is a path and works in Node. */
export type SyncSource = string | URLLike | Bytes | WebAssembly.Module;

/** How far a download has come. */
export interface Progress {
  /** Bytes received. */
  readonly loaded: number;
  /** Bytes in all; `undefined` where it is not known, as under a content encoding. */
  readonly total: number | undefined;
}
