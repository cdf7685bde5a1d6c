/** A module of an installed package. */
export interface Installed {
  readonly name?: string;
  readonly package: string;
  readonly version: string;
  readonly path: string;
  readonly toolchain: string;
}
/** The modules of installed packages that the tests count on. */
export const installed: readonly Installed[];
/** The names of all input files. */
export const inputNames: readonly string[];
/** The bytes of an input file. */
export function inputBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
/** The bytes of a module, by a short name or by a path below node_modules. */
export function moduleBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
/** The paths, below node_modules, of everything that holds a module. */
export function listModules(): Promise<string[]>;
/** The answers of a package's own JavaScript: plain data. */
export function answers(name: string): Promise<unknown> | undefined;
