import { dirname, isAbsolute } from "node:path";
import type { BundlerResolver } from "./locate.ts";

/** The part of the compilers of webpack and Rspack that this plugin uses. */
export interface Compiler {
  readonly context: string;
  readonly resolverFactory: {
    get(type: "normal"): {
      resolve(
        context: object,
        folder: string,
        path: string,
        resolveContext: object,
        callback: (error: unknown, found?: string | false) => void,
      ): void;
    };
  };
}

/**
 * The resolution of webpack or Rspack, with its aliases.
 *
 * @param compiler - The compiler.
 */
export function webpackResolver({ context, resolverFactory }: Compiler): BundlerResolver {
  return (path, importer) =>
    new Promise((done) => {
      const folder = importer !== undefined && isAbsolute(importer) ? dirname(importer) : context;
      resolverFactory.get("normal").resolve({}, folder, path, {}, (error, found) => {
        done((error ?? undefined) === undefined && found ? found : undefined);
      });
    });
}
