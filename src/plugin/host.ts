import type { PluginBuild } from "esbuild";
import type { UnpluginContextMeta, UnpluginOptions } from "unplugin";
import type { DeclaredModule } from "./declarations.ts";
import { EsbuildFiles } from "./esbuild.ts";
import type { BundlerResolver } from "./locate.ts";
import { besideScript, type SourceCode, urlSource } from "./source.ts";
import { emittedSource, type RollupContext, rollupResolver, ViteFiles } from "./vite.ts";
import { type Compiler, webpackResolver } from "./webpack.ts";

/** The parts of the plugin that differ from bundler to bundler. */
export interface Host {
  /** The start of the ids of modules that are no files. */
  readonly prefix: "\0" | "";
  /** The folder that paths are relative to. */
  readonly root: () => string;
  /** The bundler's own folder for caches. */
  readonly cacheFolder: () => string | undefined;
  /** The bundler's own resolution of paths. */
  readonly resolver: (context: unknown) => BundlerResolver;
  /** Whether it looks up what a module of the plugin imports from that module's file. */
  readonly looksUpFromFile: boolean;
  /** The address of a module as code. */
  readonly sourceOf: (context: unknown, module: DeclaredModule) => SourceCode;
  /** Notes the files that decide a module of the plugin. */
  readonly watch: (id: string, files: readonly string[]) => void;
  /** Hooks that only this bundler has. */
  readonly hooks: Partial<UnpluginOptions>;
}

/**
 * Returns what differs for a bundler.
 *
 * @param meta - The bundler.
 * @throws Error if the plugin does not serve it.
 */
export function hostOf(meta: UnpluginContextMeta): Host {
  switch (meta.framework) {
    case "vite":
      return viteHost();
    case "rollup":
      return rollupHost();
    case "rolldown":
      return rolldownHost();
    case "webpack":
      return webpackHost(meta.webpack.compiler as Compiler);
    case "rspack":
      return webpackHost(meta.rspack.compiler as Compiler);
    case "esbuild":
      return esbuildHost();
    default:
      throw new Error(
        `unglue/plugin does not serve ${meta.framework}. It serves Vite, Rollup, Rolldown, webpack, Rspack and esbuild; ` +
          "elsewhere import the file that `npx unglue declare` writes.",
      );
  }
}

const common = {
  root: () => process.cwd(),
  cacheFolder: () => undefined,
  looksUpFromFile: false,
  watch: () => undefined,
  hooks: {},
};

function rollupHost(): Host {
  return {
    ...common,
    prefix: "\0",
    resolver: (context) => rollupResolver(context as RollupContext),
    sourceOf: (context, module) => emittedSource(context as RollupContext, module),
  };
}

function rolldownHost(): Host {
  let root = process.cwd();
  const emitted = new Set<string>();
  return {
    ...rollupHost(),
    root: () => root,
    sourceOf: (context, module) => {
      const source = emittedSource(context as RollupContext, module);
      emitted.add(source.reference);
      return source;
    },
    hooks: {
      rolldown: {
        buildStart: ({ cwd }) => void (root = cwd),
        // Rolldown has addresses for modules alone.
        resolveFileUrl: ({ referenceId, fileName, chunkId, format }) =>
          emitted.has(referenceId) ? besideScript(fileName, chunkId, format) : undefined,
      },
    },
  };
}

function viteHost(): Host {
  const files = new ViteFiles();
  return {
    ...common,
    prefix: "\0",
    root: () => files.root,
    cacheFolder: () => files.cacheFolder,
    resolver: (context) => rollupResolver(context as RollupContext),
    sourceOf: (context, module) => files.sourceOf(context as RollupContext, module),
    watch: (id, of) => files.watch(id, of),
    hooks: { vite: files.hooks },
  };
}

function webpackHost(compiler: Compiler): Host {
  return {
    ...common,
    prefix: "",
    root: () => compiler.context,
    resolver: () => webpackResolver(compiler),
    sourceOf: (_, module) => urlSource(module),
  };
}

function esbuildHost(): Host {
  let files: EsbuildFiles | undefined;
  const started = (): EsbuildFiles => {
    if (!files) throw new Error("unglue/plugin was called before its set-up.");
    return files;
  };
  return {
    ...common,
    prefix: "",
    root: () => started().root,
    looksUpFromFile: true,
    resolver: () => started().resolve,
    sourceOf: (_, module) => started().sourceOf(module),
    hooks: {
      esbuild: {
        onResolveFilter: /\?unglue$/,
        onLoadFilter: /^unglue:/,
        setup: (build: PluginBuild) => void (files = new EsbuildFiles(build)),
      },
    },
  };
}
