import { isStringConstant, stringModule } from "../builtins/string-imports.ts";
import type { ImportShape, Shape } from "../public/index.ts";
import { toolchainNamed, toolchains } from "./registry.ts";

/**
 * Returns a hint about an import that nothing provides.
 *
 * @param wanted - The import.
 * @param shape - The module's shape.
 * @param hasAdapter - Whether an adapter serves the module.
 * @param hasBuiltins - Whether the module is compiled with builtins for strings.
 */
export function hintFor(
  wanted: ImportShape,
  shape: Shape,
  hasAdapter: boolean,
  hasBuiltins: boolean,
): string | undefined {
  return (
    (hasAdapter ? undefined : adapterHint(wanted, shape)) ??
    builtinHint(wanted, hasBuiltins) ??
    runtimeHint(wanted) ??
    advisedHint(shape)
  );
}

/** Names the options for what engines provide if they are asked. */
function builtinHint(wanted: ImportShape, hasBuiltins: boolean): string | undefined {
  const { module } = wanted;
  if (module === stringModule) {
    return hasBuiltins
      ? "It is none of the builtins that the engine and this library have here: give it in `imports`."
      : 'Load it with builtins: ["js-string"].';
  }
  return isStringConstant(wanted)
    ? `If it is a string constant, load it with importedStringConstants: ${JSON.stringify(module)}.`
    : undefined;
}

/**
 * Returns how to get the adapter of a module's toolchain, for a call that does not load it; `undefined` if it has none.
 *
 * @param shape - The module's shape.
 */
export function adapterLine({ toolchain }: Shape): string | undefined {
  // The shape may come from the caller and be incomplete.
  const adapter = toolchainNamed((toolchain as Shape["toolchain"] | undefined)?.name ?? "")?.adapter;
  return adapter && `${adapter.importLine} adapters: [${adapter.call}]`;
}

/** Names the missing adapter: without it none of its toolchain's imports is known. */
function adapterHint({ name }: ImportShape, { toolchain }: Shape): string | undefined {
  // The shape may come from the caller and be incomplete.
  const adapter = toolchainNamed((toolchain as Shape["toolchain"] | undefined)?.name ?? "")?.adapter;
  return adapter?.serves.test(name)
    ? `A synchronous call does not load its adapter: pass adapters: [${adapter.call}] from ${adapter.from}.`
    : undefined;
}

/** Finds the runtime of an import by name alone, because some runtimes serve modules of other toolchains. */
function runtimeHint({ module, name }: ImportShape): string | undefined {
  const path = `${module}.${name}`;
  for (const { runtimes } of toolchains) {
    const known = runtimes.find(({ imports }) => imports.test(path));
    if (known) return known.hint;
  }
  return undefined;
}

/** Repeats the advice in the stub's error, because it is easily missed in the shape. */
function advisedHint({ advice }: Shape): string | undefined {
  const texts = advice.flatMap(({ code, message }) => (aboutNames.includes(code) ? message : []));
  return texts.length > 0
    ? `Its name is minified. ${texts.join(" ")}`
    : advice.find(({ code }) => code === "own-javascript" || code === "component-core")?.message;
}

const aboutNames: readonly string[] = ["minified-names", "constructors-not-run"];
