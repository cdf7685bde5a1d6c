// The part of @bjorn3/browser_wasi_shim that this library uses. The package is optional, and so are its own types.
declare module "@bjorn3/browser_wasi_shim" {
  /** A file or directory. */
  export class Inode {
    private readonly ino: bigint;
  }
  export class File extends Inode {
    data: Uint8Array<ArrayBuffer>;
    constructor(data: Uint8Array);
  }
  export class Directory extends Inode {
    readonly contents: Map<string, Inode>;
    parent: Directory | null;
    constructor(contents: Map<string, Inode>);
  }
  /** An open directory that a program finds when it starts. */
  export class PreopenDirectory {
    private readonly prestat_name: Uint8Array;
    constructor(name: string, contents: Map<string, Inode>);
  }
  export class WASI {
    inst: { readonly exports: { readonly memory: WebAssembly.Memory } };
    readonly wasiImport: Readonly<Record<string, (...args: (number | bigint)[]) => unknown>>;
    constructor(
      args: string[],
      env: string[],
      descriptors: (PreopenDirectory | undefined)[],
      options: { debug: boolean },
    );
  }
}
