import { define } from "./own.ts";
import type { Instance, Shape } from "../public/index.ts";

/** The facts that represent an object when it is printed. */
export interface Facts {
  readonly [name: string]: string | number | boolean | undefined;
}

/** The symbol under which Node, Bun and Deno look for an object's own text. */
export const inspectKey = Symbol.for("nodejs.util.inspect.custom");

/**
 * Gives an object a short form for `console.log` and `JSON.stringify`. Otherwise they show a whole shape, and read getters
 * that may throw.
 *
 * @param object - The object.
 * @param name - Its name, as in "Memory".
 * @param facts - Returns the facts to show. If it throws, none are shown.
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
 * Returns the facts to show of a module.
 *
 * @param shape - Its shape.
 */
export function moduleFacts({ toolchain: { name, version }, exports, imports }: Shape): Facts {
  const toolchain = version === undefined ? name : `${name} ${version}`;
  return { toolchain, exports: exports.length, imports: imports.length };
}

/**
 * Returns the facts to show of an instance.
 *
 * @param instance - The instance, in any state.
 */
export function instanceFacts({ state, shape, imports }: Instance): Facts {
  const stubs = imports.filter(({ provider }) => provider === "stub").length;
  return { state, ...moduleFacts(shape), ...(stubs > 0 && { stubs }) };
}

/**
 * Formats facts as a line.
 *
 * @param name - The name of their object.
 * @param facts - The facts.
 */
export function factsText(name: string, facts: Facts): string {
  const parts = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}`],
  );
  return parts.length === 0 ? `${name} {}` : `${name} { ${parts.join(", ")} }`;
}
