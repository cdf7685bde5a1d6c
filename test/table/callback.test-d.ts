import { describe, expectTypeOf, it } from "vitest";
import type { CallbackFunction, Instance } from "../../src/public/index.ts";

describe("the function that a signature asks for", () => {
  it("has the types of the letters", () => {
    expectTypeOf<CallbackFunction<"ii->i">>().toEqualTypeOf<(...args: [number, number]) => number>();
    expectTypeOf<CallbackFunction<"ijfde->j">>().toEqualTypeOf<
      (...args: [number, bigint, number, number, unknown]) => bigint
    >();
    expectTypeOf<CallbackFunction<"->">>().toEqualTypeOf<() => void>();
    expectTypeOf<CallbackFunction<"->e">>().toEqualTypeOf<() => unknown>();
    expectTypeOf<CallbackFunction<"d->ij">>().toEqualTypeOf<(...args: [number]) => [number, bigint]>();
  });

  it("is any function for a signature that only the program knows", () => {
    expectTypeOf<CallbackFunction<string>>().toEqualTypeOf<(...args: never[]) => unknown>();
  });

  it("is impossible for letters that there are not", () => {
    expectTypeOf<CallbackFunction<"ii">>().toEqualTypeOf<never>();
    expectTypeOf<CallbackFunction<"x->i">>().toEqualTypeOf<never>();
    expectTypeOf<CallbackFunction<"i->x">>().returns.toEqualTypeOf<never>();
  });

  it("is asked for by an instance", () => {
    const wasm = {} as Instance;
    const body = (): void => {
      wasm.callback("ij->f", (a, b) => {
        expectTypeOf(a).toEqualTypeOf<number>();
        expectTypeOf(b).toEqualTypeOf<bigint>();
        return 1;
      });
      wasm.callback("i->", (a) => a.toFixed());
      wasm.callback("ii->i", () => 0);
      // @ts-expect-error -- an i64 result is a bigint
      wasm.callback("i->j", () => 1);
      // @ts-expect-error -- an i64 parameter is a bigint
      wasm.callback("j->", (a: number) => a.toFixed());
      // @ts-expect-error -- there is one parameter
      wasm.callback("i->i", (a: number, b: number) => a + b);
      // @ts-expect-error -- several results are an array
      wasm.callback("->ii", () => 1);
    };
    expectTypeOf(body).toBeFunction();
  });
});
