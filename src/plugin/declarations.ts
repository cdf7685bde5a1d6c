import { createHash } from "node:crypto";
import { isBuiltin } from "node:module";
import { basename, extname, isAbsolute } from "node:path";
import type { Remark } from "../cli/declare/declared.ts";
import type { Inputs } from "../cli/declare/inputs.ts";
import { messageOf } from "../errors/caught.ts";
import type { BuiltinOptions } from "../public/index.ts";
import type { Cache } from "./cache.ts";

/** A module with its declaration. */
export interface DeclaredModule {
  /** The file that the import named: the module, or a script that embeds it. */
  readonly path: string;
  /** Its name for people: the package and the place in it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether a script embeds the module, so that it has no file of its own. */
  readonly isEmbedded: boolean;
  readonly declaration: Declaration;
}

/** A declaration as text. */
export interface Declaration {
  /** The declaration file. */
  readonly js: string;
  /** Its types, as the body of a `declare module`. */
  readonly types: string;
  readonly holes: readonly Remark[];
  readonly guesses: readonly Remark[];
  /** The other packages that it imports, if there are any. */
  readonly foreign?: readonly string[];
}

/** The outcome for a module. */
export interface Outcome {
  /** The files that decide, for the bundler to watch. */
  readonly files: readonly string[];
  /** The module, or why there is none. */
  readonly result: DeclaredModule | { readonly failure: string };
}

/** Decides the contents of declarations. */
export interface DeclareOptions {
  /** Whether they keep the documentation. */
  readonly docs: boolean;
  /** Whether they have the shape. */
  readonly shape: boolean;
  /** The builtins that modules are compiled with, if they import them. */
  readonly builtins?: BuiltinOptions;
  /** The version of this package. */
  readonly version: string;
}

/** Declares modules. The same files are declared once. */
export class Declarations {
  readonly #options: DeclareOptions;
  readonly #cache: () => Cache;
  /** The last declaration of each file: builds for the server and the client ask for the same one. */
  readonly #latest = new Map<string, { readonly key: string; readonly declaration: Promise<Declaration> }>();

  /**
   * Takes the options.
   *
   * @param options - What declarations contain.
   * @param cache - Returns the cache, once the bundler's configuration is known.
   */
  constructor(options: DeclareOptions, cache: () => Cache) {
    this.#options = options;
    this.#cache = cache;
  }

  /**
   * Declares a module from its bytes, the JavaScript generated for it and the package's types.
   *
   * @param path - The module, or a script that embeds it.
   */
  async of(path: string): Promise<Outcome> {
    const files = [path];
    try {
      const { findInputs } = await import("../cli/declare/inputs.ts");
      const inputs = await findInputs(path, {});
      const { module, glue, dts, package: owner } = inputs;
      files.push(...[glue, dts].flatMap((one) => (one ? [one.path] : [])));
      const declaration = await this.#declare(path, inputs);
      const name = owner ? `${owner.name}/${placeIn(owner.folder, path)}` : basename(path);
      const isEmbedded = extname(path) !== ".wasm";
      return { files, result: { path, name, bytes: module.bytes, isEmbedded, declaration } };
    } catch (error) {
      return { files, result: { failure: messageOf(error) } };
    }
  }

  #declare(path: string, inputs: Inputs): Promise<Declaration> {
    const key = this.#keyOf(inputs);
    const latest = this.#latest.get(path);
    if (latest?.key === key) return latest.declaration;
    const declaration = this.#read(key) ?? this.#write(key, inputs);
    this.#latest.set(path, { key, declaration });
    return declaration;
  }

  #read(key: string): Promise<Declaration> | undefined {
    const text = this.#cache().read(key);
    if (text === undefined) return undefined;
    try {
      return Promise.resolve(JSON.parse(text) as Declaration);
    } catch {
      return undefined;
    }
  }

  async #write(key: string, inputs: Inputs): Promise<Declaration> {
    const [{ writeDeclaration }, { printAmbient }, { builtinsIn }] = await Promise.all([
      import("../cli/declare/write.ts"),
      import("../cli/declare/print-dts.ts"),
      import("../cli/builtins.ts"),
    ]);
    const { docs, shape, version, builtins = {} } = this.#options;
    const { js, declared, known } = await writeDeclaration(inputs, {
      withDocs: docs,
      withShape: shape,
      version,
      command: "unglue/plugin",
      builtins: builtinsIn(inputs.shape, builtins),
    });
    const foreign = new Set(known?.foreign.map(({ source }) => source));
    const { holes, guesses } = declared;
    // The comment at its start has a path of this machine, and the bundler gets the remarks.
    const code = js.replace(/^\/\*.*?\*\/\n+/s, "");
    const declaration: Declaration = { js: code, types: printAmbient(declared, foreign.size > 0), holes, guesses };
    const packages = [...foreign].filter((one) => !isAbsolute(one) && !isBuiltin(one));
    // Its imports are whole paths, which are right only here.
    if (foreign.size > 0) return { ...declaration, foreign: packages };
    this.#cache().write(key, JSON.stringify(declaration));
    return declaration;
  }

  /** A hash of all that decides the text. */
  #keyOf({ module, glue, dts, package: owner }: Inputs): string {
    const facts = [this.#options, module.name, owner?.name, owner?.version, owner?.license];
    const texts = [glue, dts].map((one) => one && [one.name, one.path, one.text]);
    return createHash("sha256")
      .update(JSON.stringify([facts, texts]))
      .update(module.bytes)
      .digest("hex");
  }
}

/** The place of a file in a folder, with slashes. */
function placeIn(folder: string, path: string): string {
  return path.slice(folder.length).replaceAll("\\", "/").replace(/^\/+/, "");
}
