import fc from "fast-check";
import { compile, compileSync, type Instance, type Pool, type PoolOptions, UnglueError } from "unglue";
import { describe, expect, it, vi } from "vitest";
import { moduleBytes } from "../packages/served.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Counter {
  count(): number;
  fail(): void;
}

const counter = compileSync(
  await wat(`(module (import "env" "start" (func $start)) (global $n (mut i32) (i32.const 0)) (start $start)
    (func (export "reset") (global.set $n (i32.const 0)))
    (func (export "fail") unreachable)
    (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`),
);
const imports = { env: { start: () => undefined } };
const poolOf = (options: PoolOptions<Counter>): Pool<Counter> => counter.pool({ imports, ...options });
const reset = (wasm: Instance<Counter>): void => (wasm.exports as unknown as { reset(): void }).reset();
/** Whether two takers have the same instance, each while it has it. */
const engine = (wasm: Instance<Counter>): object => wasm.exports;
/** Lets timers that are due run. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const until = (holds: () => boolean): Promise<void> => vi.waitUntil(holds, { interval: 1 }).then(() => undefined);

describe("taking and giving back", () => {
  it("hands out instances of their own, up to max, and fresh ones after", async () => {
    const pool = poolOf({ max: 2 });
    const [a, b] = await Promise.all([pool.take(), pool.take()]);
    expect(a === b).toBe(false);
    expect([a.exports.count(), a.exports.count(), b.exports.count()]).toEqual([1, 2, 1]);
    expect([pool.size, pool.idle, pool.waiting]).toEqual([2, 0, 0]);
    const third = pool.take();
    expect(pool.waiting).toBe(1);
    pool.give(a);
    const c = await third;
    expect(c === a).toBe(false);
    expect(a.state).toBe("disposed");
    expect(c.exports.count()).toBe(1);
    expect([pool.size, pool.idle, pool.waiting]).toEqual([2, 0, 0]);
  });

  it("resets by a function, and then hands out the same instance", async () => {
    const pool = poolOf({ max: 1, reset });
    const wasm = await pool.take();
    wasm.exports.count();
    const before = engine(wasm);
    pool.give(wasm);
    expect(pool.idle).toBe(1);
    const again = await pool.take();
    expect(engine(again) === before).toBe(true);
    expect(again.exports.count()).toBe(1);
  });

  it("waits for a reset that takes its time", async () => {
    let finish!: () => void;
    const pool = poolOf({ max: 1, reset: () => new Promise<void>((resolve) => (finish = resolve)) });
    const wasm = await pool.take();
    const before = engine(wasm);
    pool.give(wasm);
    const next = pool.take();
    await turn();
    expect([pool.size, pool.idle, pool.waiting]).toEqual([1, 0, 1]);
    finish();
    expect(engine(await next) === before).toBe(true);
  });

  it("uses, and gives back also when the work throws", async () => {
    const pool = poolOf({ max: 1, reset });
    expect(await pool.use((wasm) => wasm.exports.count())).toBe(1);
    expect(await pool.use(async (wasm) => Promise.resolve(wasm.exports.count()))).toBe(1);
    const boom = new Error("boom");
    await expect(pool.use(() => Promise.reject(boom))).rejects.toBe(boom);
    await expect(
      pool.use(() => {
        throw boom;
      }),
    ).rejects.toBe(boom);
    expect([pool.size, pool.idle]).toEqual([1, 1]);
  });

  it("leaves alone what its work gave back already, though another has it by now", async () => {
    const pool = poolOf({ max: 1, reset });
    let other: Instance<Counter> | undefined;
    await pool.use(async (wasm) => {
      const before = engine(wasm);
      pool.give(wasm);
      other = await pool.take();
      expect(engine(other) === before).toBe(true);
    });
    expect([pool.size, pool.idle]).toEqual([1, 0]);
    pool.give(other as Instance<Counter>);
  });

  it.each([[5], [undefined], [{}]])(
    "refuses to use %s, which is no function, and takes nothing for it",
    async (work) => {
      const pool = poolOf({ max: 1 });
      expect(await rejectionOf(pool.use(work as never))).toMatchObject({
        code: "invalid-argument",
        details: { call: "pool.use", argument: "work" },
      });
      expect([pool.size, await pool.use(() => 1)]).toEqual([0, 1]);
    },
  );

  it("refuses what is not taken from it", async () => {
    const pool = poolOf({ max: 2 });
    const twin = poolOf({ max: 2 });
    const [wasm, foreign] = await Promise.all([pool.take(), twin.take()]);
    pool.give(wasm);
    for (const wrong of [wasm, foreign, undefined as never, {} as never]) {
      expect(thrownBy(() => pool.give(wrong))).toMatchObject({ code: "foreign-instance" });
    }
    expect(foreign.state).toBe("live");
  });

  it("serves those who wait in the order of asking", async () => {
    const pool = poolOf({ max: 2, reset });
    const order: number[] = [];
    const tasks = Array.from({ length: 50 }, (_, at) =>
      pool.use(async () => {
        order.push(at);
        await Promise.resolve();
      }),
    );
    await Promise.all(tasks);
    expect(order).toEqual([...order.keys()]);
    expect(pool.size).toBe(2);
  });
});

describe("instances that end", () => {
  it("are replaced after a trap, and the others go on", async () => {
    const pool = poolOf({ max: 2, reset });
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, at) =>
        pool.use((wasm) => (at % 10 === 3 ? wasm.guarded.fail() : wasm.guarded.count())),
      ),
    );
    const failed = results.flatMap((result, at) => (result.status === "rejected" ? [at] : []));
    expect(failed).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "trap" });
      else expect(result.value).toBe(1);
    }
  });

  it("are replaced when the reset, or an import, disposed of them", async () => {
    let inner: Instance | undefined;
    const pool = poolOf({
      max: 1,
      reset: (wasm) => wasm.dispose(),
      imports: (instance) => ((inner = instance), imports),
    });
    const first = await pool.take();
    const before = engine(first);
    pool.give(first);
    const second = await pool.take();
    expect(engine(second) === before).toBe(false);
    inner?.dispose();
    expect(second.state).toBe("disposed");
    pool.give(second);
    expect((await pool.take()).exports.count()).toBe(1);
  });

  it.each<[string, PoolOptions<Counter>["reset"]]>([
    [
      "throws",
      () => {
        throw new Error("cannot reset");
      },
    ],
    ["rejects", () => Promise.reject(new Error("cannot reset"))],
    ["traps", (wasm) => wasm.guarded.fail()],
  ])("are replaced when the reset %s, and that is said", async (_, failing) => {
    const warnings: string[] = [];
    const pool = poolOf({ max: 1, reset: failing as never, warn: (text) => warnings.push(text) });
    const first = await pool.take();
    pool.give(first);
    const second = await pool.take();
    expect(first.state).toBe("disposed");
    expect(second.exports.count()).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/resetting an instance of a pool failed/);
  });
});

describe("instances that cannot be made", () => {
  it("fail their taker in words, and the pool goes on", async () => {
    let working = false;
    const pool = poolOf({
      max: 1,
      imports: () => {
        if (!working) throw new Error("not now");
        return imports;
      },
    });
    const results = await Promise.allSettled([pool.take(), pool.take(), pool.take()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect([pool.size, pool.waiting]).toEqual([0, 0]);
    working = true;
    expect((await pool.take()).exports.count()).toBe(1);
    expect(await rejectionOf(counter.pool({ max: 1, missing: "error" }).take())).toMatchObject({
      code: "unresolved-imports",
    });
  });

  it("in advance fail nobody, and are not tried again and again", async () => {
    let tried = 0;
    const pool = poolOf({
      max: 4,
      min: 2,
      imports: () => {
        tried++;
        throw new Error("not now");
      },
    });
    await turn();
    await turn();
    expect(tried).toBe(1);
    await expect(pool.take()).rejects.toThrow("not now");
    await pool.dispose();
  });

  it("while others are taken fail the one who waits, and not the next", async () => {
    let calls = 0;
    const pool = poolOf({
      max: 2,
      reset,
      imports: () => {
        if (++calls === 2) throw new Error("not now");
        return imports;
      },
    });
    const first = await pool.take();
    await expect(pool.take()).rejects.toThrow("not now");
    const second = await pool.take();
    expect([first.state, second.state, pool.size]).toEqual(["live", "live", 2]);
  });
});

describe("what is made in advance", () => {
  it("are min instances, and a new one for each that came back", async () => {
    const pool = poolOf({ max: 4, min: 2 });
    await until(() => pool.idle === 2);
    const wasm = await pool.take();
    expect([pool.size, pool.idle]).toEqual([2, 1]);
    pool.give(wasm);
    expect([pool.size, pool.idle]).toEqual([1, 1]);
    await until(() => pool.idle === 2);
    await turn();
    expect(pool.size).toBe(2);
  });

  it("is there for a taker who comes later, who does not wait", async () => {
    let made = 0;
    const pool = poolOf({ max: 1, imports: () => (made++, imports) });
    pool.give(await pool.take());
    expect(made).toBe(1);
    await until(() => pool.idle === 1);
    expect(made).toBe(2);
    await pool.take();
    expect(made).toBe(2);
  });
});

describe("waiting", () => {
  it("ends with the timeout", async () => {
    const pool = poolOf({ max: 1 });
    const wasm = await pool.take();
    const patient = pool.take({ timeout: Infinity });
    const error = await rejectionOf(pool.take({ timeout: 3 }));
    expect(error).toMatchObject({ code: "pool-timeout", details: { timeout: 3, size: 1, waiting: 1 } });
    expect(await rejectionOf(pool.use(() => 1, { timeout: 0 }))).toMatchObject({ code: "pool-timeout" });
    expect(pool.waiting).toBe(1);
    pool.give(wasm);
    expect((await patient).state).toBe("live");
  });

  it("ends with the signal, and lets go of it", async () => {
    const pool = poolOf({ max: 1, reset });
    const wasm = await pool.take({ signal: new AbortController().signal });
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    const [first, second] = [pool.take({ signal: controller.signal }), pool.take()];
    controller.abort("enough");
    expect(await rejectionOf(first)).toMatchObject({ code: "aborted", cause: "enough" });
    expect(remove).toHaveBeenCalledOnce();
    expect(pool.waiting).toBe(1);
    pool.give(wasm);
    expect((await second).state).toBe("live");
    expect([pool.size, pool.waiting]).toEqual([1, 0]);
    expect(await rejectionOf(pool.take({ signal: AbortSignal.abort("never") }))).toMatchObject({
      code: "aborted",
      cause: "never",
    });
    expect(pool.waiting).toBe(0);
  });

  it("listens to a signal once, however many wait with it, and until the last has left", async () => {
    const pool = poolOf({ max: 1 });
    const wasm = await pool.take();
    const [shared, other] = [new AbortController(), new AbortController()];
    const listeners = { added: 0, removed: 0 };
    const count = ({ signal }: AbortController) => ({
      get aborted() {
        return signal.aborted;
      },
      get reason(): unknown {
        return signal.reason as unknown;
      },
      addEventListener: (type: "abort", listener: () => void) => {
        listeners.added += 1;
        signal.addEventListener(type, listener);
      },
      removeEventListener: (type: "abort", listener: () => void) => {
        listeners.removed += 1;
        signal.removeEventListener(type, listener);
      },
    });
    const [together, alone] = [count(shared), count(other)];
    const taken = pool.take({ signal: together });
    const ended = Array.from({ length: 200 }, () => rejectionOf(pool.take({ signal: together })));
    const last = pool.take({ signal: alone });
    expect([pool.waiting, listeners]).toEqual([202, { added: 2, removed: 0 }]);
    // One of them is served before: the others still wait.
    wasm.dispose();
    const served = await taken;
    shared.abort("enough");
    for (const error of await Promise.all(ended)) expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect([pool.waiting, listeners]).toEqual([1, { added: 2, removed: 1 }]);
    served.dispose();
    (await last).dispose();
    expect([pool.waiting, listeners]).toEqual([0, { added: 2, removed: 2 }]);
  });

  it("is not ended by a signal once the instance is there", async () => {
    const pool = poolOf({ max: 1, reset });
    const controller = new AbortController();
    pool.give(await pool.take());
    const wasm = await pool.take({ signal: controller.signal, timeout: 1 });
    controller.abort();
    await turn();
    expect(wasm.exports.count()).toBe(1);
    pool.give(wasm);
    expect(pool.idle).toBe(1);
  });

  it("that was given up leaves the instance that was made for it to the next", async () => {
    const pool = poolOf({ max: 1 });
    const controller = new AbortController();
    const first = pool.take({ signal: controller.signal });
    controller.abort();
    await rejectionOf(first);
    await until(() => pool.idle === 1);
    expect(pool.size).toBe(1);
  });
});

describe("the end of a pool", () => {
  it("disposes of what is being reset, however the reset ends, if it does", async () => {
    for (const end of ["never", "later", "by failing", "by disposing"]) {
      const told: string[] = [];
      let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
      const made: Pool<Counter> = poolOf({
        max: 2,
        warn: (text) => void told.push(text),
        reset: () =>
          end === "by disposing"
            ? void made.dispose()
            : new Promise<void>((resolve, reject) => (settle = { resolve, reject })),
      });
      const [wasm, other] = [await made.take(), await made.take()];
      wasm.dispose();
      expect(made.size).toBe(end === "by disposing" ? 1 : 2);
      const ended = made.dispose();
      // It waits for the one that is taken, and for nothing else.
      expect([made.size, made.idle]).toEqual([1, 0]);
      if (end === "later") settle?.resolve();
      if (end === "by failing") settle?.reject(new Error("no"));
      await turn();
      expect([made.size, made.idle, other.state]).toEqual([1, 0, "live"]);
      other.dispose();
      await ended;
      expect([made.size, told]).toEqual([0, []]);
    }
  });

  it("refuses who waits and who comes, disposes of the idle at once and of the others when they come back", async () => {
    const pool = poolOf({ max: 3, reset });
    const [a, b, c] = await Promise.all([pool.take(), pool.take(), pool.take()]);
    const waiting = pool.take();
    pool.give(a);
    const d = await waiting;
    pool.give(b);
    const next = [pool.take(), pool.take()];
    const e = (await next[0]) as Instance<Counter>;
    pool.give(e);
    const f = (await next[1]) as Instance<Counter>;
    const late = pool.take();
    const ended = pool.dispose();
    expect(pool.dispose()).toBe(ended);
    expect(await rejectionOf(late)).toMatchObject({ code: "pool-disposed" });
    expect(await rejectionOf(pool.take())).toMatchObject({ code: "pool-disposed" });
    expect(await rejectionOf(pool.use(() => 1))).toMatchObject({ code: "pool-disposed" });
    let isOver = false;
    void ended.then(() => (isOver = true));
    for (const wasm of [d, f]) {
      pool.give(wasm);
      expect(wasm.state).toBe("disposed");
    }
    await turn();
    expect([isOver, pool.size, c.state]).toEqual([false, 1, "live"]);
    pool.give(c);
    await ended;
    expect([pool.size, c.state]).toEqual([0, "disposed"]);
    expect(thrownBy(() => pool.give(c))).toMatchObject({ code: "foreign-instance" });
  });

  it("waits for what is being made", async () => {
    const pool = poolOf({ max: 1 });
    const made = pool.take();
    const ended = pool.dispose();
    expect(pool.size).toBe(1);
    expect(await rejectionOf(made)).toMatchObject({ code: "pool-disposed" });
    await ended;
    expect(pool.size).toBe(0);
  });

  it("comes at once for an empty one, and by `await using`", async () => {
    await poolOf({ max: 1 }).dispose();
    const pool = poolOf({ max: 1, min: 1 });
    await until(() => pool.idle === 1);
    if (typeof Symbol.asyncDispose === "symbol") await pool[Symbol.asyncDispose]();
    else await pool.dispose();
    expect(pool.size).toBe(0);
  });
});

describe("options", () => {
  it.each<[string, object]>([
    ["max", { max: 0 }],
    ["max", { max: 1.5 }],
    ["max", {}],
    ["min", { max: 2, min: 3 }],
    ["min", { max: 2, min: -1 }],
    ["reset", { max: 1, reset: "stale" }],
    ["missing", { max: 1, missing: 5 }],
    ["options", 5 as never],
  ])("are checked: %s, %j", (option, options) => {
    expect(thrownBy(() => counter.pool(options as never))).toMatchObject({
      code: "invalid-option",
      details: { call: "pool", option },
    });
  });

  it("are checked: names, and those of taking", async () => {
    expect(thrownBy(() => counter.pool({ mex: 2 } as never))).toMatchObject({
      code: "unknown-option",
      details: { nearest: "max" },
    });
    const pool = poolOf({ max: 1 });
    expect(await rejectionOf(pool.take({ timeout: -1 }))).toMatchObject({ code: "invalid-option" });
    expect(await rejectionOf(pool.take({ timeout: NaN }))).toMatchObject({ code: "invalid-option" });
    expect(await rejectionOf(pool.take({ signal: 5 as never }))).toMatchObject({ code: "invalid-option" });
    expect(await rejectionOf(pool.use(() => 1, { timout: 5 } as never))).toMatchObject({
      code: "unknown-option",
      details: { call: "pool.use", nearest: "timeout" },
    });
    expect([pool.size, pool.waiting]).toEqual([0, 0]);
  });
});

describe("whatever is done in whatever order", () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("take" as const), aborts: fc.boolean() }),
      fc.record({ do: fc.constantFrom("give" as const, "trap" as const, "dispose" as const), pick: fc.nat() }),
      fc.record({ do: fc.constantFrom("abort" as const), pick: fc.nat() }),
      fc.record({ do: fc.constantFrom("fail" as const, "work" as const, "turn" as const) }),
    ),
    { maxLength: 60 },
  );

  it("no instance is with two takers, none is lost, all who wait are served in order or refused, and the end comes", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (script, max, isFresh) => {
        let broken = false;
        const pool = poolOf({
          max,
          min: max >> 1,
          reset: isFresh ? "fresh" : reset,
          imports: () => {
            if (broken) throw new Error("broken");
            return imports;
          },
        });
        const held: Instance<Counter>[] = [];
        const served: number[] = [];
        const controllers: AbortController[] = [];
        let asked = 0;
        let settled = 0;
        const tasks: Promise<void>[] = [];
        const pickHeld = (pick: number): Instance<Counter> | undefined =>
          held.length > 0 ? held[pick % held.length] : undefined;
        for (const step of script) {
          const instance = "pick" in step ? pickHeld(step.pick) : undefined;
          if (step.do === "take") {
            const at = asked++;
            const controller = new AbortController();
            if (step.aborts) controllers.push(controller);
            const take = pool.take({ signal: controller.signal }).then(
              (wasm) => {
                expect(held.some((other) => engine(other) === engine(wasm))).toBe(false);
                expect(wasm.guarded.count()).toBe(1);
                held.push(wasm);
                served.push(at);
              },
              (error: unknown) => {
                if (!UnglueError.is(error, "aborted")) expect(error).toMatchObject({ message: "broken" });
              },
            );
            tasks.push(take.finally(() => settled++));
          } else if (step.do === "turn") await turn();
          else if (step.do === "fail") broken = true;
          else if (step.do === "work") broken = false;
          else if (step.do === "abort") controllers[step.pick % Math.max(controllers.length, 1)]?.abort();
          else if (instance) {
            if (step.do === "trap") thrownBy(() => instance.guarded.fail());
            held.splice(held.indexOf(instance), 1);
            if (step.do === "dispose") instance.dispose();
            else pool.give(instance);
          }
          expect(pool.size).toBeLessThanOrEqual(max);
        }
        broken = false;
        // Everybody is served, or refused, as long as what is taken comes back.
        while (settled < asked) {
          await Promise.resolve();
          for (const instance of held.splice(0)) pool.give(instance);
          await new Promise((resolve) => setTimeout(resolve));
        }
        await Promise.all(tasks);
        expect(served).toEqual([...served].sort((a, b) => a - b));
        for (const instance of held.splice(0)) pool.give(instance);
        await pool.dispose();
        expect([pool.size, pool.idle, pool.waiting]).toEqual([0, 0, 0]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe("a real module", () => {
  interface Hash {
    xxh32(address: number, length: number, seed: number): number;
    memory: WebAssembly.Memory;
  }

  it("answers right from a few instances under 500 calls at once: xxhash", async () => {
    const module = await compile(await moduleBytes("xxhash"));
    const text = (at: number): Uint8Array => new TextEncoder().encode(`text ${at}`.repeat(1 + (at % 7)));
    const hash = ({ exports, memory }: Instance<Hash>, at: number): number => {
      const bytes = text(at);
      memory.write(0, bytes);
      return exports.xxh32(0, bytes.length, at) >>> 0;
    };
    const alone = await module.instantiate<Hash>();
    const expected = Array.from({ length: 500 }, (_, at) => hash(alone, at));
    for (const options of [
      { max: 3 },
      { max: 3, reset: (wasm: Instance<Hash>) => void wasm.memory.u8.fill(0, 0, 999) },
    ]) {
      const pool = module.pool<Hash>(options);
      const answers = await Promise.all(
        expected.map((_, at) =>
          pool.use(async (wasm) => {
            await Promise.resolve();
            return hash(wasm, at);
          }),
        ),
      );
      expect(answers).toEqual(expected);
      expect(pool.size).toBeLessThanOrEqual(3);
      await pool.dispose();
    }
  });
});
