import { dirname } from "node:path";
import { quote } from "../cli/declare/text.ts";
import type { DeclaredModule } from "./declarations.ts";
import type { BundlerResolver } from "./locate.ts";

/**
 * Returns a declaration as code of the project. The packages that it imports are those that the module's package gets; bundlers
 * look them up from the project, since the code is no file.
 *
 * @param module - The module.
 * @param root - The folder of the project.
 * @param resolveByBundler - The bundler's own way.
 */
export async function placedCode(
  { path, declaration }: DeclaredModule,
  root: string,
  resolveByBundler: BundlerResolver,
): Promise<string> {
  const { js, foreign = [] } = declaration;
  if (foreign.length === 0) return js;
  const { entryOf } = await import("../cli/declare/entry-of.ts");
  let code = js;
  for (const name of foreign) {
    const file = entryOf(name, dirname(path));
    // Its name is better where it serves: it may be external, or prepared for the browser.
    if (file === undefined || file === entryOf(name, root)) continue;
    const found = (await resolveByBundler(name, path)) ?? file;
    code = code.replace(` from ${quote(name)};`, () => ` from ${quote(found)};`);
  }
  return code;
}
