import { afterEach, describe, expect, it, vi } from "vitest";
import { load, t } from "unglue";
import { thrownBy } from "../wat.ts";
import { type Bindgen, bindgen, conventions, type Helpers } from "./bindgen.ts";
import { type Case, cases, echo, failing } from "./echoes.ts";

/** A module with every type that its version has, and the interface that declares it. */
async function open(convention: Bindgen, prepare?: () => void) {
  const fit = Object.entries(cases).filter(([, { versions }]) => !versions || versions.includes(convention.version));
  const body = fit.flatMap(([name, one]) => [
    echo(name, one, convention, false),
    echo(`${name} or error`, one, convention, true),
    failing(`${name} as error`, one, convention),
  ]);
  const members = Object.fromEntries(
    fit.flatMap(([name, { type }]) => [
      [name, t.fn([type], type)],
      [`${name} or error`, t.fn([type], type, { throws: true })],
      [`${name} as error`, t.fn([t.js], type, { throws: true })],
    ]),
  );
  const bytes = await bindgen(body.join("\n"), convention);
  prepare?.();
  const wasm = await load<Helpers, typeof members>(bytes, { api: t.api(members) });
  const api = wasm.api as Record<string, (value: unknown) => unknown>;
  return { fit, wasm, api, guarded: wasm.guarded };
}

describe.each(conventions)("every type, with %s,", (_, convention) => {
  it.each([
    ...[80, 92, 95, 96, 118, 119].map((version) => [`of 0.2.${version}`, version] as const),
    ["without a version", undefined] as const,
  ])("goes in and comes out of a module %s", async (_, version) => {
    const { fit, wasm, api, guarded } = await open({ ...convention, version });
    expect(fit.length).toBeGreaterThan(40);
    const handles = wasm.handles.size;
    for (const [name, { values, back = values }] of fit) {
      for (const suffix of ["", " or error"]) {
        guarded.soil();
        expect([name, suffix, values.map((value) => api[name + suffix]?.(value))]).toEqual([name, suffix, back]);
      }
      if ((cases[name] as Case).type.type === "optional") expect([name, api[name]?.(null)]).toEqual([name, undefined]);
    }
    expect(guarded.live()).toBe(0);
    expect(guarded.taken()).toBe(0);
    expect(wasm.handles.size).toBe(handles);
  });

  it("refuses an optional enumeration of numbers that is written to memory, without a version", async () => {
    const [name, one] = ["optional numbers", cases["optional numbers"] as Case];
    const silent = { ...convention, version: undefined };
    const bytes = await bindgen(
      [echo(name, one, silent, false), echo("or error", one, silent, true)].join("\n"),
      silent,
    );
    const direct = await load(bytes, { api: t.api({ [name]: t.fn([one.type], one.type) }) });
    expect(one.values.map((value) => (direct.api[name] as (value: unknown) => unknown)(value))).toEqual(one.values);
    const members = { "or error": t.fn([one.type], one.type, { throws: true }) };
    const loading = load(bytes, { api: t.api(members) });
    if (convention.results === "multi-value") return void (await loading);
    await expect(loading).rejects.toMatchObject({
      code: "interface-mismatch",
      message: expect.stringContaining("keep the section producers") as string,
    });
  });

  it("throws the very value that a module returns as an error", async () => {
    const { fit, wasm, api, guarded } = await open(convention);
    const handles = wasm.handles.size;
    const error = new Error("the very value");
    for (const [name] of fit) {
      guarded.soil();
      for (const value of [error, "text", undefined, null, 5]) {
        expect(thrownBy(() => api[`${name} as error`]?.(value))).toBe(value);
      }
    }
    expect(guarded.live()).toBe(0);
    expect(guarded.taken()).toBe(0);
    expect(wasm.handles.size).toBe(handles);
    expect(wasm.state).toBe("live");
  });
});

describe("text, on a platform without coders", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(conventions)("goes in and comes out with %s", async (_, convention) => {
    const { api, guarded } = await open(convention, () => {
      for (const name of ["TextEncoder", "TextDecoder"]) vi.stubGlobal(name, undefined);
    });
    for (const name of ["string", "list of strings", "optional string"]) {
      const { values } = cases[name] as Case;
      expect(values.map((value) => api[name]?.(value))).toEqual(values);
    }
    expect(guarded.live()).toBe(0);
  });
});
