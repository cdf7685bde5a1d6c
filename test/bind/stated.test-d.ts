import { describe, expectTypeOf, it } from "vitest";
import type { Offload } from "../../src/entries/offload-node.ts";
import type { Api, Instance, ObjectOf, StatedMembers, WasmObject } from "../../src/node.ts";

interface Shape extends WasmObject<"Shape"> {
  /** Adds another. */
  add(other: Shape, names?: Map<string, Shape> | null): Shape;
  size: number;
  readonly kind: string;
  get label(): string;
  set label(label: string | undefined);
}

type CircleBase = WasmObject<"Circle"> & Shape;
interface Circle extends CircleBase {
  radius(): number;
}

interface Values {
  find(name: string, within?: Shape | null): Promise<Shape>;
  readonly Shape: { new (size: number): Shape; readonly prototype: Shape; split(count: number): Shape[] };
  readonly Circle: (abstract new () => Circle) & { readonly prototype: Circle };
  readonly Mode: { readonly Fast: 0; readonly Slow: 1 };
}

type Declared = Api<StatedMembers<Values>>;

describe("an interface whose types are stated", () => {
  type Members = Declared["members"];
  type Bound = Instance<object, Members>["api"];
  type Remote = Offload<object, Members>["api"];

  it("has exactly these types", () => {
    expectTypeOf<Bound["find"]>().toEqualTypeOf<(name: string, within?: Shape | null) => Promise<Shape>>();
    expectTypeOf<Bound["Shape"]>().toEqualTypeOf<Values["Shape"]>();
    expectTypeOf<Bound["Mode"]>().toEqualTypeOf<Values["Mode"]>();
    expectTypeOf<Bound>().toExtend<Values>();
    expectTypeOf<ObjectOf<Declared, "Shape">>().toEqualTypeOf<Shape>();
    expectTypeOf<Circle>().toExtend<Shape>();
    expectTypeOf<Shape>().not.toExtend<Circle>();
  });

  it("has objects that live in workers, and properties that are methods there", () => {
    type Found = Awaited<ReturnType<Remote["find"]>>;
    type Made = Awaited<ReturnType<Remote["Shape"]["new"]>>;
    expectTypeOf<Found>().toEqualTypeOf<Made>();
    expectTypeOf<Parameters<Remote["find"]>[1]>().toEqualTypeOf<Made | null | undefined>();
    expectTypeOf<ReturnType<Remote["Shape"]["split"]>>().toEqualTypeOf<Promise<Made[]>>();
    expectTypeOf<Found["size"]>().toBeCallableWith(5);
    expectTypeOf<Parameters<Found["kind"]>>().toEqualTypeOf<[]>();
    expectTypeOf<Remote["Circle"]>().not.toHaveProperty("new");
    expectTypeOf<Remote["Mode"]>().toEqualTypeOf<Values["Mode"]>();
  });
});
