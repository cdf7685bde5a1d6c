import { build, type BuildOptions, type Format } from "esbuild";

/** How a bundle is written: its format, whether it is minified, and the name of its exports where a script is no module. */
export interface Written {
  readonly format: Format;
  readonly minify: boolean;
  readonly globalName: string;
}

/** Bundles a script, and returns the text. */
export async function bundleText(
  { format, minify, globalName }: Written,
  options: Pick<BuildOptions, "stdin" | "external" | "plugins">,
): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    write: false,
    format,
    minify,
    ...(format === "iife" && { globalName }),
  });
  const [bundle] = outputFiles;
  return bundle?.text ?? "";
}
