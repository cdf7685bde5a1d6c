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
