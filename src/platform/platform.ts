/** What the library knows of where it runs. There is one for Node and one for everything else. */
export interface Platform {
  /** The file system. Where there is none, every string is a URL. */
  readonly files: Files | undefined;
  /** Whether the global `fetch` compares what it brings with its option `integrity`, for certain. Without this it does not. */
  readonly checksIntegrity: (() => boolean) | undefined;
  /** Loads what hashes bytes while they arrive. Without this they are hashed once all of them are there. */
  readonly loadHash: (() => Promise<CreateHash | undefined>) | undefined;
}

/** Begins a hash by an algorithm's name in Web Crypto, such as `SHA-256`. */
export type CreateHash = (algorithm: string) => Hash;

/** A hash of bytes that pass. */
export interface Hash {
  /** Adds bytes. They may change afterwards. */
  update(bytes: Uint8Array): void;
  /** The hash of all that was added, in base64. Called once, at the end. */
  digest(): string;
}

/** A file system to read modules from. Errors of both reads: `read-failed`. */
export interface Files {
  /**
   * Reads a file. Its signal only saves work: the caller no longer waits once it is aborted.
   *
   * @param path - A path, or a `file:` URL.
   * @param signal - What saves the work.
   * @param ceiling - Bytes to read at the most, and then one more, which tells that there are more.
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

/** What was read, and from where. */
export interface FileContents {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The absolute path. */
  readonly from: string;
}
