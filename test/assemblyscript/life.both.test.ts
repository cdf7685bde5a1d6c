import { beforeAll, describe, expect, it, vi } from "vitest";
import { compile, type InstanceOf, load, loadSync, t, type UnglueError } from "unglue";
import { assemblyscript } from "unglue/assemblyscript";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { api, line, moduleUrl, point } from "./module.ts";

type App = InstanceOf<typeof api>;

const runtimes = ["values.wasm", "values-minimal.wasm", "values-stub.wasm"];

/** Returns the runtime's export that runs the collector. */
function collectorOf(wasm: { readonly guarded: object }): () => void {
  return Reflect.get(wasm.guarded, "__collect") as () => void;
}

describe.each(runtimes)("the runtime of %s", (name) => {
  let module: Awaited<ReturnType<typeof compile>>;
  beforeAll(async () => {
    module = await compile(moduleUrl(name));
  });
  const make = () => module.instantiate({ api });

  it("is recognised, and serves texts, arrays, records and objects", async () => {
    const wasm: App = await make();
    expect(wasm.toolchain).toMatchObject({ name: "assemblyscript" });
    expect(wasm.api.greet("Zoë")).toBe("Hello, Zoë!");
    expect(wasm.api.sort(["b", "", "a"])).toEqual(["", "a", "b"]);
    expect(wasm.api.flip([[1, 2], [], [3]])).toEqual([[3], [], [2, 1]]);
    expect(wasm.api.mirror({ x: 1, y: -2 })).toEqual({ x: -1, y: 2 });
    const turned = wasm.api.turn({ isThick: true, from: { x: 1, y: 2 }, to: undefined, label: "é", width: 0.5 });
    expect(turned).toEqual({ isThick: true, from: { x: 0, y: 0 }, to: { x: 1, y: 2 }, label: "é'", width: 0.5 });
  });

  it("keeps objects alive until they are disposed of", async () => {
    const wasm = await make();
    const { Counter, churn, maybeCounter, split, total } = wasm.api;
    const collect = collectorOf(wasm);
    using counter = new Counter(12, "twelve");
    collect();
    churn(2000);
    expect([counter.add(3), counter.name, counter.count]).toEqual([15, "twelve", 15]);
    counter.name = "fifteen";
    counter.count = 16;
    collect();
    expect([counter.name, counter.same(), counter.add(0)]).toEqual(["fifteen", counter, 16]);
    const parts = split(counter, 4);
    collect();
    churn(2000);
    expect(parts.map((one) => `${one.name} ${one.count}`)).toEqual([
      "fifteen0 4",
      "fifteen1 4",
      "fifteen2 4",
      "fifteen3 4",
    ]);
    expect(total([counter, ...parts])).toBe(32);
    for (const one of parts) one.free();
    expect(thrownBy(() => total(parts))).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    expect(maybeCounter(false)).toBe(undefined);
    maybeCounter(true)?.free();
    // The same object may be received again after it was let go.
    counter.same().free();
    expect(thrownBy(() => counter.count)).toMatchObject({ code: "object-unusable" });
  });

  it("keeps arguments alive while the collector runs during a call", async () => {
    let collect = (): void => undefined;
    const wasm = await module.instantiate({
      api,
      imports: {
        host: {
          // The other runtimes have no stack that their collector sees.
          pause: () => {
            if (name === "values.wasm") collect();
            const again: string = wasm.api.greet("inside");
            expect(again).toBe("Hello, inside!");
          },
        },
      },
    });
    collect = collectorOf(wasm);
    const others = Array.from({ length: 50 }, (_, at) => `other ${at}`);
    for (let round = 0; round < 200; round++) {
      expect(wasm.api.paused(`round ${round}`, others)).toBe(`round ${round}:${others.join(",")}`);
      if (round % 10 === 0) collect();
    }
  });

  it("is told apart from another instance", async () => {
    const [one, other] = await Promise.all([make(), make()]);
    using a = new one.api.Counter(1, "a");
    using b = new other.api.Counter(2, "b");
    expect([a.add(1), b.add(1)]).toEqual([2, 3]);
    expect(thrownBy(() => other.api.total([a as never]))).toMatchObject({ details: { reason: "foreign" } });
  });
});

describe("memory", () => {
  it.each(["values.wasm", "values-minimal.wasm"])("does not grow in 100,000 rounds of %s", async (name) => {
    const wasm: App = await load(moduleUrl(name), { api });
    const collect = collectorOf(wasm);
    const { greet, sort, turn, echoFloat64s, flip, Counter } = wasm.api;
    const numbers = new Float64Array(20);
    const round = (at: number): void => {
      switch (at % 6) {
        case 0:
          greet(`round ${at}`);
          break;
        case 1:
          sort(["b", "a", "c"]);
          break;
        case 2:
          turn({ isThick: true, from: { x: 1, y: 2 }, to: { x: 3, y: 4 }, label: "label", width: 1 });
          break;
        case 3:
          echoFloat64s(numbers);
          break;
        case 4:
          flip([[1], [2, 3]]);
          break;
        default:
          new Counter(at, "counter").free();
      }
    };
    const run = (rounds: number): void => {
      for (let at = 0; at < rounds; at++) {
        round(at);
        // The minimal runtime collects when it is told to.
        if (at % 500 === 0) collect();
      }
    };
    run(10_000);
    const before = wasm.memory.byteLength;
    run(100_000);
    expect(wasm.memory.byteLength).toBe(before);
  });

  it("has no object left that was passed, after an argument is refused", async () => {
    const wasm: App = await load(moduleUrl("values.wasm"), { api });
    const { Counter, total } = wasm.api;
    const gone = new Counter(1, "gone");
    gone.free();
    const text = "x".repeat(10_000);
    collectorOf(wasm)();
    const before = wasm.memory.byteLength;
    for (let round = 0; round < 5000; round++) {
      thrownBy(() => wasm.api.paused(text, [text, 1 as never]));
      thrownBy(() => total([gone]));
    }
    expect(wasm.memory.byteLength).toBe(before);
  });
});

describe("the library's imports", () => {
  it("end a call with the reason of an abort", async () => {
    const wasm: App = await load(moduleUrl("values.wasm"), { api });
    const error = thrownBy(() => wasm.api.fail("out of tea é"));
    expect(error).toMatchObject({
      code: "trap",
      details: { export: "fail", panic: "out of tea é", source: { file: "values.ts", line: 105, column: 46 } },
    });
    expect((error as Error).message).toContain('The export "fail" aborted: out of tea é (values.ts:105:46)');
    expect(thrownBy(() => wasm.api.greet("again"))).toMatchObject({ code: "poisoned" });
  });

  it("throw the reason and the place of an abort out of raw exports, too", async () => {
    const wasm = await load<{ fail(text: number): void; trap(): void; __new(size: number, id: number): number }>(
      moduleUrl("values.wasm"),
      { onTrap: "throw", onHostThrow: "poison" },
    );
    const text = wasm.exports.__new(4, 2);
    wasm.memory.writeString(text, "é!", 4, { encoding: "utf-16" });
    const error = thrownBy(() => wasm.exports.fail(text)) as Error;
    expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
    expect(error.message).toBe("abort: é! (values.ts:105:46)");
    expect((thrownBy(() => wasm.exports.trap()) as Error).message).not.toContain("abort");
    // A later trap has nothing of it.
    const later = thrownBy(() => wasm.guarded.trap()) as UnglueError<"trap">;
    expect([later.code, later.details.panic]).toEqual(["trap", undefined]);
    expect(wasm.state).toBe("live");
  });

  it("say in the start function why it aborted", async () => {
    const bytes = await wat(`(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory (export "memory") 1) (data (i32.const 8) "\\02\\00\\00\\00\\04\\00\\00\\00n\\00o\\00")
      (func $start (call $abort (i32.const 16) (i32.const 0) (i32.const 3) (i32.const 4)) (unreachable)) (start $start))`);
    const error = (await rejectionOf(load(bytes))) as UnglueError;
    expect(error.code).toBe("trap");
    expect(error.message).toContain(
      "The module's start function trapped: abort (line 3, column 4), whose text cannot be read before the start function has ended: " +
        "build the module with asc --exportStart _initialize",
    );
    const later = await wat(`(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory (export "memory") 1) (data (i32.const 8) "\\02\\00\\00\\00\\04\\00\\00\\00n\\00o\\00")
      (func (export "_initialize") (call $abort (i32.const 16) (i32.const 0) (i32.const 3) (i32.const 4)) (unreachable)))`);
    expect(((await rejectionOf(load(later))) as Error).message).toContain('"_initialize" trapped: abort: no');
  });

  it("name the function that was called once the instance is poisoned", async () => {
    const wasm: App = await load(moduleUrl("values.wasm"), { api });
    const { greet, sort, lengthOf } = wasm.api;
    thrownBy(() => wasm.api.trap());
    for (const [name, call] of [
      ["greet", () => greet("x")],
      ["lengthOf", () => lengthOf("x")],
      ["sort", () => sort(["x"])],
    ] as const) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ code: "poisoned", details: { export: name } });
      expect((error as Error).message).toContain(`The export "${name}" was not called`);
    }
  });

  it("say that memory cannot hold an argument, and nothing of memory for another trap", async () => {
    const limited = t.api({ lengthOf: t.fn([t.string], t.i32), trap: t.fn([], t.void) });
    const wasm = await load(moduleUrl("values.wasm"), { api: limited, onTrap: "throw", limits: { memoryPages: 16 } });
    const error = thrownBy(() => wasm.api.lengthOf("x".repeat(2 ** 20))) as UnglueError<"trap">;
    expect(error.code).toBe("trap");
    expect(error.message).toMatch(
      /Out of memory: asked for 32 pages more, and it has \d+ of at most 16 pages\..*raise limits\.memoryPages/,
    );
    expect(error.details.memory).toMatchObject({ maximum: 16, limit: "memoryPages" });
    expect((thrownBy(() => wasm.api.trap()) as Error).message).not.toContain("memory");
  });

  it("tell a trap from an abort", async () => {
    const wasm: App = await load(moduleUrl("values.wasm"), { api, onTrap: "throw" });
    expect(thrownBy(() => wasm.api.fail("first"))).toMatchObject({ details: { panic: "first" } });
    const error = thrownBy(() => wasm.api.trap());
    expect(error).toMatchObject({ code: "trap" });
    expect((error as UnglueError<"trap">).details).not.toHaveProperty("panic");
    expect(wasm.api.greet("again")).toBe("Hello, again!");
  });

  it("log, trace, and know the time and chance", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const assert = vi.spyOn(console, "assert").mockReturnValue();
    const wasm: App = await load(moduleUrl("values.wasm"), { api });
    wasm.api.traces();
    wasm.api.logs("logged");
    expect(log.mock.calls).toEqual([["traced", 1.5, -2], ["alone"], ["logged"]]);
    expect(warn.mock.calls).toEqual([["logged"]]);
    expect(assert.mock.calls).toEqual([[false, "logged"]]);
    vi.restoreAllMocks();
    const [first, second] = [wasm.api.random(), wasm.api.random()];
    expect(first).not.toBe(second);
    expect([first >= 0, first < 1]).toEqual([true, true]);
    expect(Math.abs(Number(wasm.api.now()) - Date.now())).toBeLessThan(10_000);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter").map(({ module }) => module)).toEqual(
      Array.from({ length: 4 }, () => "host"),
    );
  });

  it("give JavaScript's mathematics", async () => {
    const wasm = await load(moduleUrl("hosted.wasm"), { api: t.api({ sine: t.fn([t.f64], t.f64) }) });
    expect(wasm.api.sine(1)).toBe(Math.sin(1) + Math.PI);
  });

  it("can be replaced by the user's", async () => {
    const lines: unknown[] = [];
    const wasm: App = await load(moduleUrl("values.wasm"), {
      api,
      imports: { env: { seed: () => 1, "console.log": t.host([t.string], t.void, (text) => void lines.push(text)) } },
    });
    wasm.api.logs("mine");
    expect(lines).toEqual(["mine"]);
  });
});

describe("host functions", () => {
  it("receive and return texts, arrays and objects", async () => {
    const names: string[] = [];
    const wasm: App = await load(moduleUrl("values.wasm"), {
      api,
      imports: {
        host: {
          shout: t.host([t.string], t.string, (text) => text.toUpperCase()),
          double: t.host([t.list(t.i32)], t.list(t.i32), (values) => values.map((one) => one * 2)),
          look: t.host(
            [t.object("Counter")],
            t.i32,
            (counter) => {
              names.push((counter as { readonly name: string }).name);
              return 7;
            },
            { api },
          ),
        },
      },
    });
    expect(wasm.api.shouted("quiet \ud800")).toBe("QUIET \ud800!");
    expect(wasm.api.doubled([1, 2, 3])).toBe(12);
    expect(wasm.api.looked(3)).toBe(7);
    expect(names).toEqual(["looked"]);
  });

  it("are refused for what AssemblyScript does not pass", async () => {
    const refusalOf = async (shout: object): Promise<string> =>
      ((await rejectionOf(load(moduleUrl("values.wasm"), { imports: { host: { shout: shout } } }))) as Error).message;
    expect(await refusalOf(t.host([t.cstring], t.string, () => ""))).toContain("declare t.string");
    expect(await refusalOf(t.host([t.array(t.u8, { mutable: true })], t.string, () => ""))).toContain(
      "leave out mutable",
    );
    expect(await refusalOf(t.host([t.string], t.bytes, () => new Uint8Array()))).toContain(
      "an ArrayBuffer or a Uint8Array",
    );
    expect(await refusalOf(t.host([t.out(t.u32)], t.string, () => ["", 1] as never))).toContain("return the value");
  });
});

describe("with and without the runtime's exports", () => {
  const received = {
    label: t.fn([t.i32, t.optional(t.u32), t.optional(t.u32)], t.string),
    power: t.fn([t.f64, t.f64], t.f64),
  };
  const bare = t.api({
    join: t.fn([t.string, t.string], t.string),
    ...received,
  });

  it("only receives, and says so", async () => {
    const wasm = await load(moduleUrl("values-bare.wasm"), {
      api: t.api(received),
    });
    expect([wasm.api.label(3), wasm.api.power(2, 5)]).toEqual(["3px", 32]);
    const error = await rejectionOf(load(moduleUrl("values-bare.wasm"), { api: bare }));
    expect(error).toMatchObject({ code: "interface-mismatch" });
    expect((error as Error).message).toContain("build the module with asc --exportRuntime");
    const object = t.api({
      Counter: t.class({ new: t.ctor([t.i32]) }),
      maybeCounter: t.fn([t.bool], t.owned("Counter")),
    });
    const other = await rejectionOf(load(moduleUrl("values-bare.wasm"), { api: object }));
    expect((other as Error).message).toContain("build the module with asc --exportRuntime");
  });

  it("suggests no function of the runtime for one that the module lacks", async () => {
    const lacking = t.api({
      Thing: t.class({ new: t.ctor([]), pin: t.method([], t.void) }),
      collect: t.fn([], t.void),
    });
    const error = (await rejectionOf(load(moduleUrl("values.wasm"), { api: lacking }))) as Error;
    expect(error.message).toContain("the module exports no function");
    expect(error.message).not.toContain("did you mean");
    const misspelled = await rejectionOf(
      load(moduleUrl("values.wasm"), { api: t.api({ __colect: t.fn([], t.void), gret: t.fn([], t.void) }) }),
    );
    expect((misspelled as Error).message).toMatch(/did you mean __collect\?[^]*did you mean greet\?/);
  });

  it("has no options", () => {
    const make = assemblyscript as (options?: unknown) => unknown;
    expect(thrownBy(() => make({ x: 1 }))).toMatchObject({ code: "unknown-option", details: { option: "x" } });
    expect(thrownBy(() => make("x"))).toMatchObject({ code: "invalid-option" });
    expect(make({})).toMatchObject({ name: "assemblyscript" });
  });

  it("needs the adapter given in synchronous calls", async () => {
    const { raw, shape } = await compile(moduleUrl("values.wasm"));
    const small = t.api({ join: t.fn([t.string, t.string], t.string) });
    const error = thrownBy(() => loadSync(raw, { shape, api: small }));
    expect(error).toMatchObject({
      code: "convention-unavailable",
      details: { import: 'import { assemblyscript } from "unglue/assemblyscript";' },
    });
    const wasm = loadSync(raw, { shape, api: small, adapters: [assemblyscript()] });
    expect(wasm.api.join("a", "b")).toBe("ab");
  });
});

describe("declarations that do not fit", () => {
  it("are refused for a record whose class is not clear, with the classes and its own declaration", async () => {
    const wasm = await load(moduleUrl("values.wasm"), {
      api: t.api({ turn: t.fn([t.record({ label: t.string })], t.i32) }),
    });
    const error = thrownBy(() => wasm.api.turn({ label: "" }));
    expect(error).toMatchObject({ code: "class-unclear" });
    const { candidates } = (error as UnglueError<"class-unclear">).details;
    const { message } = error as Error;
    expect(candidates.length).toBeGreaterThan(1);
    expect(message).toContain(`${candidates[0] ?? "?"} (a class with fields)`);
    expect(message).toContain(`as in t.record({ … }, { classId: ${candidates[0] ?? "?"} })`);
    expect(message).not.toContain("t.list");
    const array = await load(moduleUrl("values.wasm"), {
      api: t.api({ echoBuffer: t.fn([t.array(t.u8, { classId: 2 })], t.bytes) }),
    });
    expect((thrownBy(() => array.api.echoBuffer(new Uint8Array(1))) as Error).message).toContain(
      "as in t.array(…, { classId: ",
    );
  });

  it("are refused when the class of an argument is not clear", async () => {
    const wasm = await load(moduleUrl("values.wasm"), {
      api: t.api({
        sort: t.fn([t.list(t.string)], t.list(t.string)),
        flip: t.fn([t.list(t.list(t.i32), { classId: 14 })], t.list(t.list(t.i32))),
      }),
    });
    const error = thrownBy(() => wasm.api.sort(["a"]));
    expect(error).toMatchObject({
      code: "class-unclear",
      details: { declared: "list(string)", candidates: [20, 23, 27] },
    });
    expect(thrownBy(() => wasm.api.flip([]))).toMatchObject({ code: "class-unclear", details: { classId: 14 } });
    const hosted = t.api({
      bytes: t.fn([t.array(t.u8)], t.bytes),
      area: t.fn([t.record({ width: t.i32, height: t.i32 })], t.i32),
      clamp: t.fn([t.array(t.u8, { classId: 5 })], t.array(t.u8)),
    });
    const other = await load(moduleUrl("hosted.wasm"), { api: hosted });
    expect(thrownBy(() => other.api.bytes(new Uint8Array(1)))).toMatchObject({ code: "class-unclear" });
    expect(thrownBy(() => other.api.area({ width: 1, height: 2 }))).toMatchObject({ code: "class-unclear" });
  });

  it("are refused when a result is of another class", async () => {
    const wrong = t.api({
      greet: t.fn([t.string], t.list(t.string)),
      echoInts: t.fn([t.list(t.i32)], t.array(t.f32)),
      mirror: t.fn([point], t.string),
      turn: t.fn([line], t.list(t.u8)),
      newCounter: t.fn([t.i32, t.string], t.string),
    });
    const { api: calls } = await load(moduleUrl("values.wasm"), { api: wrong });
    const aLine = { isThick: true, from: { x: 1, y: 2 }, label: "", width: 1, to: undefined };
    const all = [() => calls.greet("a"), () => calls.echoInts([1]), () => calls.mirror({ x: 1, y: 2 })];
    for (const call of [...all, () => calls.turn(aLine), () => calls.newCounter(1, "")])
      expect(thrownBy(call)).toMatchObject({ code: "invalid-value" });
  });

  it("are refused at load with the reason", async () => {
    const reasonsOf = async (declared: Record<string, ReturnType<typeof t.fn>>): Promise<string> =>
      ((await rejectionOf(load(moduleUrl("values.wasm"), { api: t.api(declared) }))) as Error).message;
    const bytes = await reasonsOf({ echoUint8s: t.fn([t.bytes], t.bytes) });
    expect(bytes).toContain("an ArrayBuffer or a Uint8Array in AssemblyScript: declare t.array(t.u8) for a Uint8Array");
    expect(await reasonsOf({ greet: t.fn([t.cstring], t.string) })).toContain("declare t.string");
    expect(await reasonsOf({ greet: t.fn([t.char], t.string) })).toContain("AssemblyScript has no type for char");
    expect(await reasonsOf({ echoI64: t.fn([t.i32], t.i32) })).toContain("i64");
    expect(await reasonsOf({ mirror: t.fn([t.record({ x: t.f64 }, { packed: true })], t.void) })).toContain("packed");
  });
});

describe("hostile values", () => {
  it("are refused before the call, or read as JavaScript reads them", async () => {
    const wasm: App = await load(moduleUrl("values.wasm"), { api });
    const { api: calls } = wasm;
    const bad: (() => unknown)[] = [
      () => calls.greet(undefined as never),
      () => calls.greet(null as never),
      () => calls.greet(new String("a") as never),
      () => calls.echoI8(128),
      () => calls.echoU32(-1),
      () => calls.echoU32(2 ** 32),
      () => calls.echoI32(1.5),
      () => calls.echoI64(2n ** 63n),
      () => calls.echoI64(1 as never),
      () => calls.echoBool(1 as never),
      () => calls.echoInts(new Array<number>(3)),
      () => calls.echoInts({ length: 2 ** 30 } as never),
      () => calls.sort(["a", null as never]),
      () => calls.flip([[1], null as never]),
      () => calls.mirror({ x: 1 } as never),
      () => calls.mirror(null as never),
      () => calls.echoFloat64s(new Float32Array(1) as never),
      () => calls.echoFloat64s([1] as never),
      () => calls.echoFloat64s(detached()),
    ];
    for (const [at, call] of bad.entries())
      expect([at, thrownBy(call)]).toMatchObject([at, { code: "invalid-argument" }]);
    class Doubles extends Float64Array {}
    expect(calls.echoFloat64s(new Doubles([1, 2]))).toEqual(Float64Array.of(1, 2));
    expect(calls.echoFloat64s(new Float64Array(wasm.memory.buffer, 0, 4))).toHaveLength(4);
    expect(calls.echoU32(2 ** 32 - 1)).toBe(2 ** 32 - 1);
    expect(calls.echoNames([null, undefined, "a"])).toEqual([undefined, undefined, "a"]);
  });

  it("are strange results", async () => {
    const wasm = await load(moduleUrl("values.wasm"), {
      api: t.api({ echoU32: t.fn([t.u32], t.string), same: t.fn([t.u32], t.list(t.i32), { export: "echoU32" }) }),
    });
    for (const address of [1, 4, 7, 1024, 2 ** 16, 2 ** 31, 2 ** 32 - 1]) {
      expect(["out-of-bounds", "invalid-value"]).toContain(
        (thrownBy(() => wasm.api.echoU32(address)) as UnglueError).code,
      );
      expect(["out-of-bounds", "invalid-value"]).toContain(
        (thrownBy(() => wasm.api.same(address)) as UnglueError).code,
      );
    }
    expect(thrownBy(() => wasm.api.echoU32(0))).toMatchObject({ code: "null-pointer" });
  });

  it("are too large for the memory", async () => {
    const wasm: App = await load(moduleUrl("values-small.wasm"), { api });
    const error = thrownBy(() => wasm.api.greet("x".repeat(200_000)));
    expect(error).toMatchObject({ code: "trap" });
    expect((error as Error).message).toContain("__new");
  });
});

function detached(): Float64Array {
  const made = new Float64Array(4);
  structuredClone(made.buffer, { transfer: [made.buffer] });
  return made;
}
