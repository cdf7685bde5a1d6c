import type { GlueModule } from "../../../src/cli/declare/glue/model.ts";
import type { Declaration } from "../../../src/toolchains/wasm-bindgen/known/index.ts";

/** The places of a module that could not be read, in words. */
export function holesIn(glue: GlueModule): string[] {
  const members = [...glue.classes.values()].flatMap(
    ({ construct, methods, statics, getters, setters, staticGetters, staticSetters }) => [
      ...(construct ? [construct] : []),
      ...[methods, statics, getters, setters, staticGetters, staticSetters].flatMap((one) => [...one.values()]),
    ],
  );
  return [...glue.functions.values(), ...members, ...glue.imports.values()].flatMap((one) =>
    one.kind === "hole" ? [`${one.subject}: ${one.text}`] : [],
  );
}

type Described = Omit<Declaration, "crate">;

/**
 * A declaration without what the JavaScript does not tell: the receiver's class, the width of integers that fit a word, a
 * `bool` that is returned as a number, references with `Option` or `mut`, and in a module with a table of values, what is
 * borrowed.
 */
export function visible(one: Described, facts: { readonly isHeap: boolean; readonly stores: boolean }): Described {
  const code = (given: string): string => {
    const borrowed = facts.isHeap ? given : given.replaceAll("H", "h");
    return borrowed
      .replace(/^&m\[/, "&[")
      .replace(/\]$/, "")
      .replace(/^(\??)[iu](8|16)$/, "$1i")
      .replace(/^\?h$/, "h")
      .replace(/^(Mut|Fn)\(([^()]*)\)(.*)$/, (_, kind: string, list: string, result: string) => {
        const params = list.split(",").map((param) => code(param).replace(/^[bu]$/, "i"));
        return `${kind}(${params.join()})${result.replace(/^[bu]$/, "i").replace("H", "h")}`;
      });
  };
  const result = code(one.result)
    .replace(/^(\??)[hH]$/, "$1H")
    .replace(/^[bu]$/, "i")
    .replace(/^(\??)U$/, "$1I")
    .replace("[c8", "[u8");
  // Names of classes in Rust differ in their case.
  const isGlobal = !one.receiver && one.name !== "";
  const isOfValue = one.receiver && one.kind !== "instanceof";
  return {
    ...one,
    kind: one.kind === "static" ? "function" : one.kind === "static-getter" ? "accessor" : one.kind,
    path: isOfValue ? [] : [...one.path, ...(isGlobal ? [one.name] : [])].join(".").toLowerCase().split("."),
    name: isGlobal ? "" : one.name,
    params: one.params.map(code),
    result,
    catch: one.catch && facts.stores,
    closure: undefined,
  };
}

/**
 * The facts that JavaScript states of a module, for a comparison with the same JavaScript in another form. Names of parameters, and of
 * classes that are not exported, are the compiler's or minifier's.
 */
export function comparable(glue: GlueModule): unknown {
  const exported = new Set(glue.classes.keys());
  return JSON.parse(
    JSON.stringify(glue, (key, value: unknown): unknown => {
      // A compiler loads files of its own.
      if (key === "loads") return undefined;
      if (!(value instanceof Map)) return value;
      const all = value as Map<string, unknown>;
      // Its places are elsewhere in another layout.
      if (key === "covered") return [...all.keys()].sort();
      return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
    (key, value: unknown) => {
      if ((key === "class" || key === "parent") && typeof value === "string" && !exported.has(value))
        return "not exported";
      if (key !== "params" || !Array.isArray(value)) return value;
      return value.map((one: unknown) => (typeof one === "string" ? one : (one as { readonly type: unknown }).type));
    },
  ) as unknown;
}
