import { offload, type Offload } from "unglue/offload";
import { expectTypeOf, it } from "vitest";

interface Exports {
  memory: WebAssembly.Memory;
  add(a: number, b: number): number;
  wide(value: bigint): bigint;
  later(): Promise<string>;
}

it("types calls as the exports, each returning a promise", () => {
  const open = () => offload<Exports>("./math.wasm");
  expectTypeOf(open).returns.resolves.toEqualTypeOf<Offload<Exports>>();
  type Called = Offload<Exports>["exports"];
  expectTypeOf<keyof Called>().toEqualTypeOf<"add" | "wide" | "later">();
  expectTypeOf<Called["add"]>().toEqualTypeOf<(a: number, b: number) => Promise<number>>();
  expectTypeOf<Called["wide"]>().returns.resolves.toEqualTypeOf<bigint>();
  expectTypeOf<Called["later"]>().returns.resolves.toEqualTypeOf<string>();
});

it("types `call` by the export's name", () => {
  const call = (math: Offload<Exports>) => {
    // @ts-expect-error -- memory is no function
    void math.call("memory", []);
    // @ts-expect-error -- add takes numbers
    void math.call("add", ["1", 2]);
    return math.call("add", [1, 2], { transfer: [new ArrayBuffer(8)], timeout: 50 });
  };
  expectTypeOf(call).returns.resolves.toEqualTypeOf<number>();
});

it("leaves exports open where nothing is said of them", () => {
  expectTypeOf<Offload["exports"][string]>().toEqualTypeOf<(...args: unknown[]) => Promise<unknown>>();
});
