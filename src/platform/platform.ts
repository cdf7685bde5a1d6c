/** What the library knows of where it runs. There is one for Node and one for everything else. */
export interface Platform {
  /** Its name, for messages. */
  readonly name: "node" | "browser";
  /** The file system. Where there is none, every string is a URL. */
  readonly files?: Files;
}

/** A file system to read modules from. Errors of both reads: `read-failed`. */
export interface Files {
  /**
   * Reads a file. Its signal only saves work: the caller no longer waits once it is aborted.
   *
   * @param path - A path, or a `file:` URL.
   */
  read(path: string, signal: AbortSignal | undefined): Promise<FileContents>;
  /**
   * Reads a file at once.
   *
   * @param path - A path, or a `file:` URL.
   */
  readSync(path: string): FileContents;
}

/** What was read, and from where. */
export interface FileContents {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The absolute path. */
  readonly from: string;
}
