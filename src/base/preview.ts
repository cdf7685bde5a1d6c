import { define } from "./own.ts";
import type { Instance, Shape } from "../public/index.ts";

/** What is shown of an object: a few facts. */
export interface Facts {
  readonly [name: string]: string | number | boolean | undefined;
}

/** Under this symbol Node, Bun and Deno look for an object's own way to be shown. */
export const inspectKey = Symbol.for("nodejs.util.inspect.custom");

/**
 * Gives an object a short form, for `console.log` and `JSON.stringify`: without one they show a whole shape, and read getters
 * that may throw.
 *
 * @param object - The object.
 * @param name - What it is, as in "Memory".
 * @param facts - What is shown of it. Where it throws, nothing is.
 */
export function preview<Of extends object>(object: Of, name: string, facts: () => Facts): Of {
  const shown = (): Facts => {
    try {
      return facts();
    } catch {
      return {};
    }
  };
  define(object, Symbol.toStringTag, { value: `unglue.${name}` });
  define(object, inspectKey, { value: () => factsText(name, shown()) });
  define(object, "toJSON", { value: () => ({ ...shown() }) });
  return object;
}

/**
 * What is shown of a module.
 *
 * @param shape - Its shape.
 */
export function moduleFacts({ toolchain: { name, version }, exports, imports }: Shape): Facts {
  const toolchain = version === undefined ? name : `${name} ${version}`;
  return { toolchain, exports: exports.length, imports: imports.length };
}

/**
 * What is shown of an instance.
 *
 * @param instance - The instance, in whichever state.
 */
export function instanceFacts({ state, shape, imports }: Instance): Facts {
  const stubs = imports.filter(({ provider }) => provider === "stub").length;
  return { state, ...moduleFacts(shape), ...(stubs > 0 && { stubs }) };
}

/**
 * Facts as a line.
 *
 * @param name - What they are of.
 * @param facts - The facts.
 */
export function factsText(name: string, facts: Facts): string {
  const parts = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}`],
  );
  return parts.length === 0 ? `${name} {}` : `${name} { ${parts.join(", ")} }`;
}
