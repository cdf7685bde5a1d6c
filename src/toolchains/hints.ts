import type { ImportShape, Shape } from "../public/index.ts";
import { toolchainNamed } from "./registry.ts";

/**
 * Tells what is known of an import that nothing provides.
 *
 * @param wanted - The import.
 * @param shape - The module's shape.
 * @param hasAdapter - Whether an adapter serves the module.
 */
export function hintFor(wanted: ImportShape, shape: Shape, hasAdapter: boolean): string | undefined {
  return (hasAdapter ? undefined : adapterHint(wanted, shape)) ?? minifiedHint(shape);
}

/** Without its adapter none of the imports that a toolchain names is known. */
function adapterHint({ name }: ImportShape, { toolchain }: Shape): string | undefined {
  // The shape may be the caller's, and lack what it should have.
  const adapter = toolchainNamed((toolchain as Shape["toolchain"] | undefined)?.name ?? "")?.adapter;
  return adapter?.serves.test(name)
    ? `A synchronous call does not load its adapter: pass adapters: [${adapter.call}] from ${adapter.from}.`
    : undefined;
}

/** The place where a stub's user looks: what the shape says is easily missed. */
function minifiedHint({ advice }: Shape): string | undefined {
  const isMinified = advice.some(({ code }) => code === "constructors-not-run");
  return isMinified
    ? "Its name is minified, and the module's constructors were not run: shape.advice says more."
    : undefined;
}
