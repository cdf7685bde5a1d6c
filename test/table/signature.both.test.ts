import { describe, expect, it } from "vitest";
import { parseSignature } from "../../src/binary/signature.ts";
import { thrownBy } from "../wat.ts";

describe("a callback's signature", () => {
  it.each([
    ["->", [], []],
    ["i->", ["i32"], []],
    ["->j", [], ["i64"]],
    ["ij->f", ["i32", "i64"], ["f32"]],
    ["ijfde->edfji", ["i32", "i64", "f32", "f64", "externref"], ["externref", "f64", "f32", "i64", "i32"]],
  ])("%s is read", (signature, params, results) => {
    expect(parseSignature(signature)).toEqual({ params, results });
  });

  it.each([
    ["", 0],
    ["ii", 2],
    ["ii>i", 2],
    ["ii-i", 2],
    ["ix->i", 1],
    ["ii->iv", 5],
    ["ii->i->", 5],
    ["ii->i ", 5],
    ["I->i", 0],
    ["constructor->i", 0],
    ["i->i\n", 4],
  ])("%j is refused at its first wrong character", (signature, position) => {
    const error = thrownBy(() => parseSignature(signature));
    expect(error).toMatchObject({ code: "invalid-signature", details: { signature, position } });
    expect((error as Error).message).toContain(`position ${position}`);
  });

  it("is refused with the letters that there are", () => {
    expect(thrownBy(() => parseSignature("v->i"))).toMatchObject({
      message: expect.stringContaining("i for i32, j for i64, f for f32, d for f64, e for externref"),
    });
  });

  it.each([[undefined], [7], [null], [{}]])("is refused where it is not text: %s", (signature) => {
    expect(thrownBy(() => parseSignature(signature as never))).toMatchObject({ code: "invalid-signature" });
  });
});
