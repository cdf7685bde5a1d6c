import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { moduleUrl } from "../assemblyscript/module.ts";
import { bindgen, conventions } from "./bindgen.ts";

const echoing = `(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (memory (export "memory") 1)
  (type $one (func (param i32) (result i32)))
  (table (export "table") 2 funcref)
  (elem (i32.const 1) $echo)
  (func $echo (export "echo") (param i32) (result i32) (local.get 0))
  (func (export "call_host") (param i32) (result i32) (call $host (local.get 0)))
  (func (export "through") (param $fn i32) (param $word i32) (result i32)
    (call_indirect (type $one) (local.get $word) (local.get $fn)))
  (func (export "write") (param $to i32) (param $word i32) (i32.store (local.get $to) (local.get $word)))
  (func (export "read") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "free") (param i32)))`;

describe("a number that stands for nothing", () => {
  const maybe = t.optional(t.i32, { none: -1 });

  it("is undefined in every place of C", async () => {
    const seen: unknown[] = [];
    const { api } = await load(await wat(echoing), {
      api: t.api({
        echo: t.fn([maybe], maybe),
        raw: t.fn([maybe], t.i32, { export: "echo" }),
        callHost: t.fn([t.i32], t.i32, { export: "call_host" }),
        through: t.fn([t.closure([maybe], maybe), t.i32], t.i32),
        write: t.fn([t.out(maybe), t.i32], t.void),
        struct: t.fn([t.out(t.record({ one: maybe, two: t.i32 })), t.i32], t.void, { export: "write" }),
        read: t.fn([t.record({ one: maybe, two: t.i32 })], t.i32),
        byte: t.fn([t.i32], t.optional(t.u8, { none: -1 }), { export: "echo" }),
        mode: t.fn([t.i32], t.optional(t.enumeration({ Low: 0, High: 7 }), { none: 255 }), { export: "echo" }),
      }),
      imports: { env: { host: t.host([maybe], maybe, (value) => (seen.push(value), value)) } },
    });
    expect([api.echo(), api.echo(null), api.echo(0), api.echo(7)]).toEqual([undefined, undefined, 0, 7]);
    expect([api.raw(undefined), api.raw(5)]).toEqual([-1, 5]);
    expect([api.callHost(-1), api.callHost(3), seen]).toEqual([-1, 3, [undefined, 3]]);
    expect([api.through((value) => value, -1), api.through((value) => (value ?? 6) + 1, -1)]).toEqual([-1, 7]);
    expect([api.write(-1), api.write(9)]).toEqual([undefined, 9]);
    expect([api.struct(-1), api.struct(9)]).toEqual([
      { one: undefined, two: 0 },
      { one: 9, two: 0 },
    ]);
    expect([api.read({ one: undefined, two: 1 }), api.read({ one: 4, two: 1 })]).toEqual([-1, 4]);
    expect([api.byte(-1), api.byte(255), api.mode(255), api.mode(7)]).toEqual([undefined, 255, undefined, 7]);
    expect(thrownBy(() => api.mode(3))).toMatchObject({ code: "invalid-value" });
  });

  it("cannot be passed as a value", async () => {
    const { api } = await load(await wat(echoing), {
      api: t.api({ echo: t.fn([maybe], maybe), u: t.fn([t.optional(t.u32, { none: -1 })], t.u32, { export: "echo" }) }),
      missing: "trap",
    });
    expect(thrownBy(() => api.echo(-1))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("from -2147483648 to 2147483647 except -1, or undefined, got -1") as unknown,
    });
    expect(thrownBy(() => api.u(2 ** 32 - 1))).toMatchObject({ code: "invalid-argument" });
  });

  it("is undefined in AssemblyScript, where a number is never null", async () => {
    const maybe8 = t.optional(t.u8, { none: -1 });
    const { api } = await load(moduleUrl("values.wasm"), {
      api: t.api({ echoI32: t.fn([maybe], maybe), echoU8: t.fn([t.i32], maybe8, { export: "echoI32" }) }),
    });
    expect([api.echoI32(), api.echoI32(4), api.echoU8(-1), api.echoU8(255)]).toEqual([undefined, 4, undefined, 255]);
    const list = t.api({ echoInts: t.fn([t.list(maybe)], t.list(maybe)) });
    expect(await rejectionOf(load(moduleUrl("values.wasm"), { api: list }))).toMatchObject({
      code: "interface-mismatch",
      message: expect.stringContaining("a number inside another value is never left out") as unknown,
    });
  });

  it.each(conventions)("is a double in new modules of wasm-bindgen, with %s", async (_, convention) => {
    const bytes = await bindgen(`(func (export "echo") (param f64) (result f64) (local.get 0))`, {
      ...convention,
      version: 130,
    });
    const { api } = await load(bytes, {
      api: t.api({
        echo: t.fn([t.optional(t.i32, { none: 2 })], t.optional(t.i32, { none: 2 })),
        raw: t.fn([t.optional(t.i32, { none: 2 })], t.f64, { export: "echo" }),
      }),
    });
    expect([api.echo(), api.echo(1), api.echo(-3), api.raw()]).toEqual([undefined, 1, -3, 2]);
  });

  it.each([
    ["a type that has no such number", t.optional(t.string, { none: 0 })],
    ["a float", t.optional(t.f64, { none: 0 })],
    ["a wide integer", t.optional(t.i64, { none: 0 })],
    ["texts", t.optional(t.enumeration(["a"]), { none: 1 })],
    ["a number of more than 32 bits", t.optional(t.i32, { none: 2 ** 32 })],
    ["a fraction", t.optional(t.i32, { none: 0.5 })],
    ["a text", t.optional(t.i32, { none: "0" as never })],
  ])("is refused for %s", async (_, type) => {
    const rejection = rejectionOf(load(await wat(echoing), { api: t.api({ echo: t.fn([type], t.void) }) }));
    expect(await rejection).toMatchObject({
      code: "interface-mismatch",
      message: expect.stringContaining("has in t.optional a none that it does not take") as unknown,
    });
  });

  it("has a layout only in 32 bits", async () => {
    const type = t.out(t.record({ one: t.optional(t.u8, { none: -1 }) }));
    const api = t.api({ write: t.fn([type, t.i32], t.void) });
    expect(await rejectionOf(load(await wat(echoing), { api }))).toMatchObject({ code: "interface-mismatch" });
  });
});
