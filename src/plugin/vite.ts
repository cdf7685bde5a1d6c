import { join } from "node:path";
import type { Plugin, ResolvedConfig, ViteDevServer } from "vite";
import type { DeclaredModule } from "./declarations.ts";
import type { BundlerResolver } from "./locate.ts";
import { besideChunk, besideScript, fileNameOf, fileSource, hashOf, type SourceCode } from "./source.ts";

/** The part of the context of Rollup's hooks that this plugin uses. Rolldown and Vite have it too. */
export interface RollupContext {
  emitFile(file: { readonly type: "asset"; readonly name: string; readonly source: Uint8Array }): string;
  resolve(
    path: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ): Promise<{ readonly id: string; readonly external: boolean | string } | null>;
  readonly environment?: ViteEnvironment;
}

/** The part of an environment of Vite that this plugin uses. */
interface ViteEnvironment {
  readonly config: { readonly consumer?: "client" | "server"; readonly isBundled?: boolean };
}

/**
 * The resolution of Rollup, with its plugins.
 *
 * @param context - The context of the hook.
 */
export function rollupResolver(context: RollupContext): BundlerResolver {
  return async (path, importer) => {
    // Some resolvers throw, as Vite's does for a path that the package's `exports` lack.
    const found = await context.resolve(path, importer, { skipSelf: true }).catch(() => undefined);
    return found?.external === false ? found.id : undefined;
  };
}

/**
 * The address of a module that Rollup emits.
 *
 * @param context - The context of the hook.
 * @param module - The module.
 */
export function emittedSource(
  context: RollupContext,
  module: DeclaredModule,
): SourceCode & { readonly reference: string } {
  const reference = context.emitFile({ type: "asset", name: fileNameOf(module), source: module.bytes });
  return { reference, expression: `import.meta.ROLLUP_FILE_URL_${reference}` };
}

/** The part of the plugin that only Vite needs: its server, its two environments, and updates. */
export class ViteFiles {
  #config: ResolvedConfig | undefined;
  /** The modules that the development server has given addresses. */
  readonly #served = new Map<string, DeclaredModule>();
  /** The bytes of the files that builds for servers emit, by their references. */
  readonly #forServers = new Map<string, Uint8Array>();
  /** The references of the files that other builds emit. */
  readonly #forPages = new Set<string>();
  /** The names of files for servers that Vite has left out. */
  readonly #emittedAgain = new Set<string>();
  /** The watched files of each module of the plugin. */
  readonly #files = new Map<string, readonly string[]>();

  /** The folder that paths are relative to. */
  get root(): string {
    return this.#config?.root ?? process.cwd();
  }

  /** The folder for caches. */
  get cacheFolder(): string | undefined {
    return this.#config && join(this.#config.cacheDir, "unglue");
  }

  /**
   * Notes the files that decide a module of the plugin.
   *
   * @param id - Its id.
   * @param files - The files.
   */
  watch(id: string, files: readonly string[]): void {
    this.#files.set(
      id,
      files.map((file) => file.replaceAll("\\", "/")),
    );
  }

  /**
   * The address of a module, as the environment needs it.
   *
   * @param context - The context of the hook.
   * @param module - The module.
   */
  sourceOf(context: RollupContext, module: DeclaredModule): SourceCode {
    const isServer = isForServer(context);
    if (this.#config?.command === "build" || context.environment?.config.isBundled === true) {
      const source = emittedSource(context, module);
      if (isServer) this.#forServers.set(source.reference, module.bytes);
      else this.#forPages.add(source.reference);
      return source;
    }
    if (isServer) return fileSource(module);
    // The file may be where the server may not read, such as a store of packages beside the project.
    const hash = hashOf(module);
    this.#served.set(hash, module);
    const path = `${this.#config?.base ?? "/"}@unglue/${hash}/${fileNameOf(module)}`;
    return { before: "const here = import.meta.url;\n", expression: `new URL(${JSON.stringify(path)}, here).href` };
  }

  /** The hooks. */
  readonly hooks: Partial<Plugin> = {
    configResolved: (config) => void (this.#config = config),
    configureServer: (server) => this.#serve(server),
    hotUpdate: this.#hotUpdate(),
    resolveFileUrl: this.#resolveFileUrl(),
    generateBundle: this.#generateBundle(),
    // To leave a file out is no end of its name, so emitting it again is reported.
    onLog: (_, { code, message }) =>
      code === "FILE_NAME_CONFLICT" && [...this.#emittedAgain].some((name) => message.includes(name))
        ? false
        : undefined,
  };

  #serve({ middlewares }: ViteDevServer): void {
    middlewares.use((request, response, next) => {
      const [, hash = ""] = /\/@unglue\/([\da-f]{32})\//.exec(request.url ?? "") ?? [];
      const module = this.#served.get(hash);
      if (!module) {
        next();
        return;
      }
      response.setHeader("Content-Type", "application/wasm");
      response.setHeader("Content-Length", module.bytes.byteLength);
      // The address has the hash of the bytes.
      response.setHeader("Cache-Control", "max-age=31536000, immutable");
      response.end(request.method === "HEAD" ? undefined : module.bytes);
    });
  }

  /** A changed file makes its modules load again, and what imports them. */
  #hotUpdate(): NonNullable<Plugin["hotUpdate"]> {
    const files = this.#files;
    return function ({ type, file, modules }) {
      if (type === "delete") return;
      const { moduleGraph } = this.environment;
      const own = [...files].flatMap(([id, of]) => {
        const module = of.includes(file) ? moduleGraph.getModuleById(id) : undefined;
        return module ? [module] : [];
      });
      return own.length > 0 ? [...new Set([...modules, ...own])] : undefined;
    };
  }

  /** Vite has an address of the site, which is no file in Node. */
  #resolveFileUrl(): NonNullable<Plugin["resolveFileUrl"]> {
    const [forServers, forPages] = [this.#forServers, this.#forPages];
    const isRelative = (): boolean => this.#config?.build.lib !== false || /^(\.\/)?$/.test(this.#config.base);
    return function ({ referenceId, fileName, chunkId, format }) {
      // A build for the client has the same reference for the same bytes.
      if (isForServer(this)) return forServers.has(referenceId) ? besideChunk(fileName, chunkId, format) : null;
      if (!forPages.has(referenceId) || !isRelative()) return null;
      return besideScript(fileName, chunkId, format) ?? null;
    };
  }

  /** Vite leaves out the files of a build for a server, since that for the client has them. Node reads them there. */
  #generateBundle(): NonNullable<Plugin["generateBundle"]> {
    const [forServers, emittedAgain] = [this.#forServers, this.#emittedAgain];
    return {
      order: "post",
      handler(_, bundle) {
        if (!isForServer(this)) return;
        for (const [id, source] of forServers) {
          let fileName: string;
          try {
            fileName = this.getFileName(id);
          } catch {
            // It belongs to another build of the same plugin.
            continue;
          }
          if (Object.hasOwn(bundle, fileName)) continue;
          emittedAgain.add(fileName);
          this.emitFile({ type: "asset", fileName, source });
        }
      },
    };
  }
}

function isForServer({ environment }: Pick<RollupContext, "environment">): boolean {
  return environment?.config.consumer === "server";
}
