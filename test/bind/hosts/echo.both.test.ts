import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { type Bindgen, bindgen, conventions, type Helpers, returning, valueOf } from "../bindgen.ts";
import { type Case, cases } from "../echoes.ts";

const nameOf = (at: number) => `__wbg_pass${at}_0011223344556677`;

/** The address that an import writes its result to, and the offset of each word there. */
const area = 512;
function offsetsOf(words: readonly string[]): readonly number[] {
  let end = 0;
  return words.map((word) => {
    const size = word.endsWith("64") ? 8 : 4;
    const offset = Math.ceil(end / size) * size;
    end = offset + size;
    return offset;
  });
}

/** An import, and an export that gives it what it gets and returns what it returns. */
function passing(
  at: number,
  { words, kind }: Case,
  convention: Bindgen,
): readonly [imported: string, exported: string] {
  const isTable = convention.handles === "externref";
  const value = valueOf(convention);
  const taken = words.map((word) => (word === "value" ? value : word));
  const isOptional = kind === "optional value";
  const given = isOptional ? [value] : taken;
  const args = taken.map((_, index) => (isOptional && isTable ? "(call $take $0)" : `$${index}`)).join(" ");
  const isWritten = taken.length > 1;
  const result = isWritten ? "" : `(result ${taken[0]})`;
  const params = [...(isWritten ? ["i32"] : []), ...given].map((type) => `(param ${type})`).join(" ");
  const imported = `(import "wbg" "${nameOf(at)}" (func $pass${at} ${params} ${result}))`;
  const offsets = offsetsOf(taken);
  const call = `(call $pass${at} ${isWritten ? `(i32.const ${area})` : ""} ${args})`;
  const returned = isWritten
    ? taken.map((type, index) => [type, `(${type}.load offset=${offsets[index]} (i32.const ${area}))`] as const)
    : [isOptional && isTable ? (["externref", `(call $take ${call})`] as const) : ([taken[0] ?? "", call] as const)];
  return [imported, returning(`call${at}`, taken, returned, convention, isWritten ? call : "")];
}

/** Whether the import's type does not show who owns the value. */
const isOpen = ({ type }: Case) => !/^(js|[iuf]\d+|size|bool|char|enumeration)$/.test(innermost(type));
function innermost(type: Case["type"]): string {
  return type.type === "optional" ? innermost(type.item as Case["type"]) : type.type;
}

describe.each(conventions)("every type in a host function, with %s,", (_, convention) => {
  it.each([80, 92, 95, 96, 104, 118, 119])("goes into it and out of it, of 0.2.%i", async (version) => {
    const of = { ...convention, version };
    const fit = Object.entries(cases).filter(([, { versions }]) => !versions || versions.includes(version));
    const parts = fit.map(([, one], at) => passing(at, one, of));
    const body = parts.map(([, exported]) => exported).join("\n");
    const bytes = await bindgen(body, of, parts.map(([imported]) => imported).join("\n"));
    const got: unknown[] = [];
    const wbg = Object.fromEntries(
      fit.map(([, one], at) => {
        const isStated = isOpen(one) || (version < 93 && innermost(one.type) === "enumeration");
        const options = isStated ? { consumes: true } : {};
        const same = (value: unknown) => {
          got.push(value);
          return value;
        };
        return [nameOf(at), t.host([one.type], one.type, same, options)];
      }),
    );
    const members = Object.fromEntries(fit.map(([, { type }], at) => [`call${at}`, t.fn([type], type)]));
    const wasm = await load<Helpers, typeof members>(bytes, { api: t.api(members), imports: { wbg } });
    const api = wasm.api as Record<string, (value: unknown) => unknown>;
    const handles = wasm.handles.size;
    for (const [at, [name, { values, back = values }]] of fit.entries()) {
      for (const [index, value] of values.entries()) {
        got.length = 0;
        expect([name, api[`call${at}`]?.(value)]).toEqual([name, back[index]]);
        expect([name, ...got]).toEqual([name, back[index]]);
      }
    }
    expect(fit.length).toBeGreaterThan(40);
    expect(wasm.guarded.live()).toBe(0);
    expect(wasm.guarded.taken()).toBe(0);
    expect(wasm.handles.size).toBe(handles);
  });
});
