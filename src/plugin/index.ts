import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { createUnplugin, type UnpluginInstance, type UnpluginOptions } from "unplugin";
import { messageOf } from "../errors/caught.ts";
import { Cache, temporaryCache } from "./cache.ts";
import { type DeclaredModule, Declarations } from "./declarations.ts";
import { EnvFile } from "./env-file.ts";
import { placedCode } from "./foreign.ts";
import { hostOf } from "./host.ts";
import { idOf, pathIn } from "./ids.ts";
import { locate } from "./locate.ts";
import { type PluginOptions, readOptions, type ReadOptions } from "./options.ts";
import { remarksText } from "./remarks.ts";

export type { PluginOptions } from "./options.ts";

/**
 * The plugin for bundlers, which serves imports that end with `?unglue`: it declares the module as `unglue declare` does, emits
 * its `.wasm` file, and writes the types to `unglue-env.d.ts`. None of the package's generated JavaScript runs. It has a function
 * for each bundler: `vite`, `rollup`, `rolldown`, `webpack`, `rspack` and `esbuild`.
 *
 * @example
 * ```ts
 * // vite.config.ts
 * import { unglue } from "unglue/plugin";
 * export default { plugins: [unglue.vite()] };
 * ```
 * @category Declaration files
 */
export const unglue: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin(
  (given: PluginOptions | undefined, meta): UnpluginOptions => {
    const options = readOptions(given);
    const host = hostOf(meta);
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      readonly version: string;
    };
    const later = once(() => ({
      cache: new Cache(cacheFolderOf(options, host.cacheFolder(), host.root())),
      envFile: options.envFile === false ? undefined : new EnvFile(resolve(host.root(), options.envFile)),
    }));
    const declarations = new Declarations({ ...options, version }, () => later().cache);
    const imports = new Imports(host.prefix);
    const place = (path: string): string => placeFrom(host.root(), path);
    /** Writes the types of an import. Returns a warning, if there is one. */
    const addTypes = async (
      specifier: string,
      { path, name, declaration }: DeclaredModule,
    ): Promise<string | undefined> => {
      const origin = path.split(sep).includes("node_modules") ? name : place(path);
      return later().envFile?.add(specifier, path, { origin, types: declaration.types });
    };

    return {
      name: "unglue",
      enforce: "pre",
      resolveId: {
        filter: { id: /\?unglue$/ },
        async handler(text, importer) {
          // webpack puts it before a `#` in a path.
          const specifier = text.replaceAll("\0", "");
          const path = await locate(specifier, importer, host.root(), host.resolver(this)).catch((error: unknown) => {
            if (importer === undefined) throw error;
            // Not every bundler says which import is meant.
            throw new Error(`${JSON.stringify(specifier)}, imported by ${place(importer)}: ${messageOf(error)}`);
          });
          const { id, loaded } = imports.add(specifier, path, importer);
          // Another import has loaded the module already.
          const warning = loaded && (await addTypes(specifier, loaded));
          if (warning !== undefined) this.warn(warning);
          return id;
        },
      },
      load: {
        filter: { id: /^\0?unglue:/ },
        async handler(id) {
          const path = pathIn(id);
          const { files, result } = await declarations.of(path);
          for (const file of files) this.addWatchFile(file);
          host.watch(id, files);
          const importer = place(imports.importerOf(id) ?? host.root());
          const fail = (message: string): string => {
            this.error(message);
            // Where that does not throw, the build goes on to find other errors.
            return "export default undefined;\nexport const source = undefined, imports = undefined;\n";
          };
          if ("failure" in result) return fail(`${place(path)}, imported by ${importer}: ${result.failure}`);
          const remarks = remarksText(result, importer);
          if (remarks !== undefined && options.holes === "error") return fail(remarks);
          if (remarks !== undefined) this.warn(remarks);
          for (const specifier of imports.loaded(id, result)) {
            const warning = await addTypes(specifier, result);
            if (warning !== undefined) this.warn(warning);
          }
          const { before = "", expression } = host.sourceOf(this, result);
          const code = host.looksUpFromFile
            ? result.declaration.js
            : await placedCode(result, host.root(), host.resolver(this));
          return `${before}${code}\nexport const source = ${expression};\n`;
        },
      },
      ...host.hooks,
    };
  },
);

/** The imports that a build has met. */
class Imports {
  readonly #prefix: string;
  readonly #known = new Map<
    string,
    { readonly importer: string | undefined; readonly specifiers: Set<string>; loaded?: DeclaredModule }
  >();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(specifier: string, path: string, importer: string | undefined): { id: string; loaded?: DeclaredModule } {
    const id = idOf(this.#prefix, path);
    const known = this.#known.get(id) ?? { importer, specifiers: new Set<string>() };
    this.#known.set(id, known);
    known.specifiers.add(specifier);
    return { id, ...(known.loaded && { loaded: known.loaded }) };
  }

  importerOf(id: string): string | undefined {
    return this.#known.get(id)?.importer;
  }

  /** Notes that a module is loaded, and returns the texts of the imports that name it. */
  loaded(id: string, module: DeclaredModule): readonly string[] {
    const known = this.#known.get(id);
    if (!known) return [];
    known.loaded = module;
    return [...known.specifiers];
  }
}

function cacheFolderOf({ cacheDir }: ReadOptions, own: string | undefined, root: string): string | undefined {
  if (cacheDir === false) return undefined;
  return cacheDir === undefined ? (own ?? temporaryCache()) : resolve(root, cacheDir);
}

/** A path for people: from the root, if it is in there. */
function placeFrom(root: string, path: string): string {
  const place = relative(root, path);
  return place === "" || isAbsolute(place) ? path : place.split(sep).join("/");
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
