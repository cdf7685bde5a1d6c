import { UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { pack, unpack } from "../../src/offload/packed.ts";

/** Through what a message goes through. */
const cross = (error: unknown): unknown => unpack(structuredClone(pack(error)));

describe("an error that is posted", () => {
  it("keeps its class where every realm has it, and its name where not", () => {
    for (const error of [
      new Error("a"),
      new RangeError("b"),
      new SyntaxError("c"),
      new WebAssembly.RuntimeError("d"),
    ]) {
      const crossed = cross(error) as Error;
      expect(crossed.constructor).toBe(error.constructor);
      expect([crossed.name, crossed.message, crossed.stack]).toEqual([error.name, error.message, error.stack]);
    }
    const named = cross(Object.assign(new Error("e"), { name: "constructor" })) as Error;
    expect(named).toBeInstanceOf(Error);
    expect([named.name, named.message]).toEqual(["constructor", "e"]);
  });

  it("keeps the errors of an AggregateError, with their classes", () => {
    const inner = new AggregateError([new TypeError("c")], "b");
    const all = cross(new AggregateError([new RangeError("a"), inner, 5], "all", { cause: "why" })) as AggregateError;
    expect(all).toBeInstanceOf(AggregateError);
    expect([all.name, all.message, all.cause]).toEqual(["AggregateError", "all", "why"]);
    const [range, nested, five] = all.errors as [RangeError, AggregateError, unknown];
    expect([range.constructor, range.message, nested.constructor, five]).toEqual([RangeError, "a", AggregateError, 5]);
    expect(nested.errors[0]).toBeInstanceOf(TypeError);
    expect((cross(new AggregateError([])) as AggregateError).errors).toEqual([]);
    const circle = new AggregateError([], "round");
    circle.errors.push(circle, circle);
    expect(cross(circle)).toBeInstanceOf(AggregateError);
    circle.errors.length = 1;
    let depth = 0;
    for (let at = cross(circle); at instanceof AggregateError; at = at.errors[0]) depth++;
    expect(depth).toBe(9);
  });

  it("stays a DOMException with its name and code", () => {
    const crossed = cross(new DOMException("gone", "DataCloneError")) as DOMException;
    expect(crossed).toBeInstanceOf(DOMException);
    expect([crossed.name, crossed.message, Reflect.get(crossed, "code")]).toEqual(["DataCloneError", "gone", 25]);
    const outer = cross(new Error("outer", { cause: new DOMException("slow", "TimeoutError") })) as Error;
    expect(outer.cause).toBeInstanceOf(DOMException);
  });

  it("keeps code and details, and puts into words what cannot be posted", () => {
    const error = new UnglueError("invalid-option", "no", {
      call: (() => 1) as never,
      option: "o",
      expected: "e",
      received: "r",
    });
    const crossed = cross(error);
    expect(UnglueError.is(crossed, "invalid-option")).toBe(true);
    expect((crossed as UnglueError).details).toEqual({ call: "a function", option: "o", expected: "e", received: "r" });
  });

  it("keeps its causes, and ends where they lead in a circle", () => {
    const inner = new TypeError("inner");
    const outer = new Error("outer", { cause: inner });
    expect((cross(outer) as Error).cause).toBeInstanceOf(TypeError);
    inner.cause = outer;
    let depth = 0;
    for (let at = cross(outer); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(9);
  });

  it("may be anything at all", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const unreadable = Object.defineProperty(new Error("x"), "name", {
      get() {
        throw new Error("no");
      },
    });
    const odd = Object.assign(new Error("y"), { name: Symbol("name"), message: 1, stack: () => 1 });
    const moved = new Uint8Array(8);
    structuredClone(moved.buffer, { transfer: [moved.buffer] });
    expect([undefined, null, 1n, "text", { a: [1] }].map(cross)).toEqual([undefined, null, 1n, "text", { a: [1] }]);
    expect([Symbol("s"), () => 1, proxy, unreadable, moved].map((value) => typeof cross(value))).toEqual(
      Array(5).fill("string"),
    );
    expect(cross(odd)).toMatchObject({ name: "Error", message: "" });
  });
});
