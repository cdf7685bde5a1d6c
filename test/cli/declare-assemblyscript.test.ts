import { beforeAll, describe, expect, it } from "vitest";
import { load, t, type DeclarationFile } from "unglue";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration, type Written } from "../../src/cli/declare/write.ts";
import { moduleUrl } from "../assemblyscript/module.ts";
import { checkTypes } from "./declared-types.ts";

const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare values", folder: "." };
type File = DeclarationFile<Record<string, (...args: unknown[]) => unknown>>;

async function fileOf(js: string): Promise<File> {
  const address = `data:text/javascript,${encodeURIComponent(js)}`;
  return ((await import(/* @vite-ignore */ address)) as { readonly default: File }).default;
}

const fixtures = "test/fixtures/assemblyscript";

describe("the declaration file of an AssemblyScript module", () => {
  let written: Written;
  let file: File;
  beforeAll(async () => {
    const inputs = await findInputs(`${fixtures}/values.wasm`, {});
    expect([inputs.glue?.name, inputs.dts?.name].map((name) => name?.replace(/.*\//, ""))).toEqual([
      "values.bindings.js",
      "values.bindings.d.ts",
    ]);
    written = await writeDeclaration(inputs, options);
    file = await fileOf(written.js);
  });

  it("has every function, and types that are correct by themselves", () => {
    expect(written.declared.holes).toEqual([]);
    expect(written.declared.members.map(({ name }) => name)).toContain("turn");
    const [types] = checkTypes([
      { name: "values", dts: written.dts, declared: written.declared, packageDts: undefined },
    ]);
    expect(types?.errors).toEqual([]);
    expect(written.dts).toContain("label(count: number, unit?: string, prefix?: string | null | undefined): string");
  });

  it("calls the module without a class stated by hand", async () => {
    const wasm = await load(moduleUrl("values.wasm"), {
      ...file,
      imports: { host: { shout: t.host([t.string], t.string, (text) => text.toUpperCase()) } },
    });
    const { api } = wasm as unknown as { readonly api: Record<string, (...args: unknown[]) => unknown> };
    const call = (name: string, ...args: unknown[]): unknown => api[name]?.(...args);
    expect(call("sort", ["b", "a"])).toEqual(["a", "b"]);
    expect(call("flip", [[1, 2], [3]])).toEqual([[3], [2, 1]]);
    expect(call("mirror", { x: 1, y: 2 })).toEqual({ x: -1, y: -2 });
    const line = { isThick: true, from: { x: 1, y: 2 }, label: "é", width: 0.5 };
    expect(call("turn", line)).toEqual({ ...line, from: { x: 0, y: 0 }, to: { x: 1, y: 2 }, label: "é'" });
    expect(call("echoBuffer", Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
    expect(call("echoNames", ["a", null])).toEqual(["a", undefined]);
    expect([call("power", 3), call("label", 1), call("defaults", 5)]).toEqual([9, "1px", 5010]);
    // The types of the bindings are `unit?: string, prefix?: string | null` and `text: string | null`.
    expect(() => call("label", 1, null)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect([call("label", 1, "em", null), call("maybe", null), call("maybe", "a")]).toEqual(["1em", undefined, "a"]);
    const counter = call("newCounter", 40, "forty") as { free(): void };
    expect([
      call("counterAdd", counter, 2),
      call("counterGetName", counter),
      call("total", [counter, counter]),
    ]).toEqual([42, "forty", 84]);
    counter.free();
    expect(call("shouted", "quiet")).toBe("QUIET!");
  });

  it("tells apart classes with the same flags, as the bindings for modules do", async () => {
    const { js, declared } = await writeDeclaration(await findInputs(`${fixtures}/hosted.wasm`, {}), options);
    expect(declared.holes).toEqual([]);
    const wasm = await load(moduleUrl("hosted.wasm"), await fileOf(js));
    const { api } = wasm as unknown as { readonly api: Record<string, (...args: unknown[]) => unknown> };
    expect(api.clamp?.(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(255, 2));
    expect(api.bytes?.(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
    expect([api.area?.({ width: 2, height: 3 }), api.norm?.({ x: 3, y: 4 })]).toEqual([6, 25]);
    expect([api.listed?.([1, 2]), api.fixed?.([1, 2, 3])]).toEqual([2, 3]);
  });

  it("is refused without the types", async () => {
    const inputs = await findInputs(`${fixtures}/values-stub.wasm`, {});
    await expect(writeDeclaration(inputs, options)).rejects.toThrow(
      "name the .d.ts of asc --bindings esm with --dts, or declare by hand what you need",
    );
  });

  it("leaves out what has no declaration", async () => {
    const inputs = await findInputs(`${fixtures}/values.wasm`, {});
    const text = `export declare const version: { get value(): string };
      /** @type */ export declare enum Mode { A }
      /**
       * values/greet
       * @param name \`~lib/map/Map<i32,i32>\`
       * @returns \`~lib/string/String\`
       */
      export declare function greet(name: unknown): string;
      /**
       * values/none
       */
      export declare function none(): void;`;
    const { declared } = await writeDeclaration({ ...inputs, dts: { name: "a.d.ts", path: "a.d.ts", text } }, options);
    expect(declared.holes.map(({ member }) => member)).toEqual(["version", "Mode", "greet", "none"]);
    expect(declared.members).toEqual([]);
  });
});
