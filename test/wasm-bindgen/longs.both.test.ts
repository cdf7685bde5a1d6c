import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { bindgen, heap } from "../bind/bindgen.ts";
import { rejectionOf } from "../wat.ts";

const name = "__wbg_asintn_0011223344556677";
const imports = `(import "wbg" "${name}" (func $asintn (param i32 f64 i32 i32)))`;
/** Values as two words, returned through a pointer; those of an option follow a third. */
const body = `
  (func (export "echo") (param $out i32) (param $low i32) (param $high i32)
    (i32.store (local.get $out) (local.get $low)) (i32.store offset=4 (local.get $out) (local.get $high)))
  (func (export "maybe") (param $out i32) (param $is i32) (param $low i32) (param $high i32)
    (i32.store (local.get $out) (local.get $is))
    (i32.store offset=4 (local.get $out) (local.get $low)) (i32.store offset=8 (local.get $out) (local.get $high)))
  (func (export "low") (param $out i32) (param $bits f64) (param $low i32) (param $high i32)
    (call $asintn (local.get $out) (local.get $bits) (local.get $low) (local.get $high)))`;

const old = await bindgen(body, { ...heap, version: 82 }, imports);
const values = [0n, 1n, -1n, 2n ** 31n, 2n ** 32n, -(2n ** 63n), 2n ** 63n - 1n];

describe("integers of 64 bits up to 0.2.82", () => {
  it.each(["i64", "u64"] as const)("are two words: t.%s", async (type) => {
    const api = t.api({ echo: t.fn([t[type]], t[type]), maybe: t.fn([t.optional(t[type])], t.optional(t[type])) });
    const wasm = await load(old, { api });
    for (const value of values) {
      const fit = type === "i64" ? value : BigInt.asUintN(64, value);
      expect([wasm.api.echo(fit), wasm.api.maybe(fit)]).toEqual([fit, fit]);
    }
    expect(wasm.api.maybe(undefined)).toBeUndefined();
  });

  it("are two words of imports too", async () => {
    const api = t.api({ low: t.fn([t.f64, t.u64], t.i64) });
    const adapters = [wasmBindgen({ meanings: { [name]: "BigInt.asIntN: (d,U)->I" } })];
    const wasm = await load(old, { api, adapters });
    for (const value of values) {
      const given = BigInt.asUintN(64, value);
      expect([wasm.api.low(64, given), wasm.api.low(8, given)]).toEqual([value, BigInt.asIntN(8, value)]);
    }
  });

  it("are one word since", async () => {
    const api = t.api({ echo: t.fn([t.u64], t.u64) });
    const error = await rejectionOf(load(await bindgen(body, { ...heap, version: 83 }, imports), { api }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
  });
});
