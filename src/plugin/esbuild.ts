import { dirname } from "node:path";
import type { PluginBuild } from "esbuild";
import type { DeclaredModule } from "./declarations.ts";
import { pathIn } from "./ids.ts";
import { esbuildSource, fileNameOf, hashOf, type SourceCode } from "./source.ts";
import type { BundlerResolver } from "./locate.ts";

const prefix = "unglue-file:";

/** The part of the plugin that only esbuild needs: its loader gives files their names and addresses. */
export class EsbuildFiles {
  readonly #build: PluginBuild;
  readonly #modules = new Map<string, DeclaredModule>();

  /**
   * Adds the loader.
   *
   * @param build - The build.
   */
  constructor(build: PluginBuild) {
    this.#build = build;
    build.onResolve({ filter: /^unglue-file:/ }, ({ path }) => ({
      path: path.slice(prefix.length),
      namespace: "unglue-file",
    }));
    // A module of the plugin is no file, and would have no folder to look packages up from.
    build.onResolve({ filter: /.*/, namespace: "unglue" }, async ({ path, kind, importer }) => {
      const file = pathIn(importer);
      const found = await build.resolve(path, { kind, importer: file, resolveDir: dirname(file) });
      return found.errors.length > 0 ? undefined : found;
    });
    build.onLoad({ filter: /.*/, namespace: "unglue-file" }, ({ path }) => {
      const module = this.#modules.get(path);
      return module && { contents: module.bytes, loader: "file" };
    });
  }

  /** The folder that paths are relative to. */
  get root(): string {
    return this.#build.initialOptions.absWorkingDir ?? process.cwd();
  }

  /** The bundler's own resolution. */
  readonly resolve: BundlerResolver = async (path, importer) => {
    const { path: found, errors } = await this.#build.resolve(path, {
      kind: "import-statement",
      resolveDir: this.root,
      ...(importer !== undefined && { importer }),
    });
    return errors.length > 0 ? undefined : found;
  };

  /**
   * Emits a module.
   *
   * @param module - The module.
   */
  sourceOf(module: DeclaredModule): SourceCode {
    const { format, platform = "browser", splitting } = this.#build.initialOptions;
    const path = `${hashOf(module)}/${fileNameOf(module)}`;
    this.#modules.set(path, module);
    const own = platform === "node" ? "cjs" : platform === "neutral" || splitting === true ? "esm" : "iife";
    return esbuildSource(prefix + path, format ?? own, platform === "node");
  }
}
