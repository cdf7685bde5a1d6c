/** The library's access to the platform it runs on. There is one for Node and one for everything else. */
export interface Platform {
  /** The file system. Without one, every string is a URL. */
  readonly files: Files | undefined;
  /** Whether the global `fetch` is certain to check the option `integrity`. If this is missing, it does not. */
  readonly checksIntegrity: (() => boolean) | undefined;
  /** Loads a function that hashes bytes while they arrive. Without it they are hashed once all have arrived. */
  readonly loadHash: (() => Promise<CreateHash | undefined>) | undefined;
}

/** Begins a hash by the algorithm's name in Web Crypto, such as `SHA-256`. */
export type CreateHash = (algorithm: string) => Hash;

/** A hash of bytes that pass. */
export interface Hash {
  /** Adds bytes. They may change afterwards. */
  update(bytes: Uint8Array): void;
  /** Returns the hash of all added bytes, in base64. Called once, at the end. */
  digest(): string;
}

/** A file system to read modules from. Errors of both reads: `read-failed`. */
export interface Files {
  /**
   * Reads a file. The signal only saves work: once it is aborted, the caller no longer waits.
   *
   * @param path - A path, or a `file:` URL.
   * @param signal - The signal that stops the reading.
   * @param ceiling - The maximum number of bytes. One more is read, to tell that there are more.
   */
  read(path: string, signal: AbortSignal | undefined, ceiling?: number): Promise<FileContents>;
  /**
   * Reads a file synchronously.
   *
   * @param path - A path, or a `file:` URL.
   * @param ceiling - As for `read`.
   */
  readSync(path: string, ceiling?: number): FileContents;
}

/** The contents of a file, and its path. */
export interface FileContents {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The absolute path. */
  readonly from: string;
}
