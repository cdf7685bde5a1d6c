import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf, wat } from "../../wat.ts";
import { fixture } from "./shapes.ts";

type Params = Parameters<typeof t.fn>[0];
type Result = Parameters<typeof t.fn>[1];

const refusal = async (params: Params, result: Result = t.i32, options: { readonly owned?: boolean } = {}) => {
  const api = t.api({ pack: t.fn(params, result, options) });
  const error = await rejectionOf(load(fixture("shapes"), { api }));
  expect(error).toMatchObject({ code: "interface-mismatch" });
  return String(error);
};

describe("a signature that may mean a buffer or the address of the module's memory", () => {
  it.each([
    ["bytes", [t.out(t.bytes), t.bytes, t.i32]],
    ["an array", [t.out(t.array(t.u8)), t.bytes, t.i32]],
    ["optional bytes", [t.out(t.optional(t.bytes)), t.bytes, t.i32]],
    ["text", [t.out(t.cstring), t.size, t.bytes, t.i32]],
    ["text with a length", [t.out(t.string), t.bytes, t.i32]],
  ] as [string, Params][])("is refused for %s without owned", async (_, params) => {
    const message = await refusal(params);
    expect(message).toContain("fits in more than one way");
    expect(message).toContain("owned: true or owned: false");
    expect(message).toContain("t.buffer");
  });

  it("is the module's memory where owned says whose", async () => {
    const api = t.api({ pack: t.fn([t.out(t.bytes), t.bytes, t.i32], t.i32, { owned: false }) });
    expect((await load(fixture("shapes"), { api })).api.pack(Uint8Array.of(1), 1)).toEqual([-5, new Uint8Array()]);
  });
});

describe("a length that belongs to nothing", () => {
  const buffer = t.buffer(t.u8);
  it.each([
    ["of no parameter", [buffer, t.inout(t.length(5)), t.bytes, t.i32], "of no parameter: it has 4, counted from 0"],
    ["of a number", [buffer, t.length(3), t.bytes, t.i32], "length(3, size) is of i32, which has no length"],
    ["of itself", [buffer, t.length(1), t.bytes, t.i32], "which has no length"],
    ["of text up to a zero", [t.cstring, t.length(0), t.bytes, t.i32], "is of cstring, which has no length"],
    ["written, of an array", [t.bytes, t.out(t.length(0)), t.size, t.i32], "parameter 0 is no t.buffer"],
    ["written twice", [buffer, t.out(t.length(0)), t.inout(t.length(0)), t.size, t.i32], "comes back in two places"],
  ] as [string, Params, string][])("is refused: %s", async (_, params, reason) => {
    expect(await refusal(params)).toContain(reason);
  });

  it("is refused as a result", async () => {
    const params = [t.bytes, t.size, t.size, t.i32];
    expect(await refusal(params, t.length(0))).toContain("parameter 0 is no t.buffer");
    expect(await refusal([buffer, t.out(t.length(0)), t.bytes, t.i32], t.length(0))).toContain("in two places");
  });

  it("is refused inside other types, as buffers and in-out parameters are", async () => {
    for (const inner of [t.length(0), buffer, t.inout(t.i32), t.out(t.i32)]) {
      for (const type of [t.record({ a: t.i32, inner }), t.out(inner), t.inout(inner), t.list(inner)]) {
        if (inner.type === "length" && (type.type === "out" || type.type === "inout")) continue;
        expect(await refusal([type, t.size, t.size, t.size, t.i32]), JSON.stringify(type)).toMatch(
          /has no way to pass|a field is a number, a text or a record of such/,
        );
      }
    }
  });

  it("is no type that can be misread", async () => {
    for (const given of [
      { type: "length", of: -1, as: "size" },
      { type: "length", of: 0.5, as: "size" },
      { type: "length", of: "0", as: "size" },
      { type: "length", of: 0, as: "f64" },
      { type: "length", of: 0, as: "toString" },
      { type: "buffer", element: "toString" },
      { type: "buffer", element: "bool" },
      { type: "buffer" },
    ])
      expect(await refusal([given as never, t.i32])).toMatch(/is none of t's types|of what it does not take/);
    expect(await refusal([{ type: "length", of: 0, as: "size", element: 1 } as never])).toContain("unknown option");
  });
});

describe("in-out parameters", () => {
  it("are numbers and structs of numbers: nothing tells who frees a text", async () => {
    for (const type of [t.cstring, t.bytes, t.record({ name: t.cstring }), t.optional(t.cstring), t.object("X")]) {
      const message = await refusal([t.inout(type), t.size, t.size, t.size, t.i32]);
      expect(message).toMatch(/has no way to pass|declares no class/);
    }
  });

  it("need the module's stack or its allocator", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "f") (param i32)))`);
    const error = await rejectionOf(load(bytes, { api: t.api({ f: t.fn([t.inout(t.i32)], t.void) }) }));
    expect(error).toMatchObject({ code: "no-allocator" });
    const wasm = await load(bytes, { api: t.api({ f: t.fn([t.inout(t.i32)], t.void) }), allocator: "grow" });
    expect(wasm.api.f(7)).toBe(7);
  });

  it("and buffers are no parameters of a constructor", async () => {
    for (const param of [t.buffer(t.u8), t.optional(t.buffer(t.u8)), t.inout(t.i32)]) {
      const api = t.api({ Pack: t.class({ new: t.ctor([param], { export: "pack" }) }, { free: false }) });
      expect(String(await rejectionOf(load(fixture("shapes"), { api })))).toContain(
        "a constructor returns its object alone",
      );
    }
  });
});
