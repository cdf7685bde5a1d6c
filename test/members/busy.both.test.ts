import { describe, expect, it } from "vitest";
import { compile, type InstantiateOptions, load, t, type UnglueError } from "unglue";
import { rejectionOf, thrownBy } from "../wat.ts";
import { api, membersUrl } from "./module.ts";

const module = await compile(membersUrl);
const make = (options: InstantiateOptions = {}) => module.instantiate({ ...options, api });

/** A promise that the test settles. */
function pending(): { readonly promise: Promise<unknown>; settle(): void; fail(error: unknown): void } {
  const { promise, resolve, reject } = withResolvers();
  return { promise, settle: () => resolve(undefined), fail: reject };
}

function withResolvers() {
  let resolve: (value: unknown) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<unknown>((fulfill, refuse) => {
    resolve = fulfill;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** The same interface, with the methods that take `&self` declared so. */
const exact = t.api({
  live: api.members.live,
  Counter: t.class({
    ...api.members.Counter.members,
    readWhen: t.method([t.promise(t.js)], t.promise(t.u32), { borrows: "shared" }),
  }),
  valueWhen: t.fn([t.object("Counter"), t.promise(t.js)], t.promise(t.u32), { borrows: "shared" }),
  takeCounter: api.members.takeCounter,
});

describe("asynchronous methods of one object", () => {
  it("are served in the order in which they are called", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const order: number[] = [];
    const calls = [2, 3, 4].map(async (more) => order.push(await counter.add(more)));
    await Promise.all(calls);
    expect(order).toEqual([3, 6, 10]);
    expect(counter.value).toBe(10);
  });

  it("of two objects do not wait for each other", async () => {
    const wasm = await make();
    using one = new wasm.api.Counter(1);
    using other = new wasm.api.Counter(5);
    const { promise, settle } = pending();
    const first = one.readWhen(promise);
    expect(await other.add(1)).toBe(6);
    settle();
    expect(await first).toBe(1);
  });

  it("reject with busy under onBusy: throw, and can be called again afterwards", async () => {
    const wasm = await make({ onBusy: "throw" });
    using counter = new wasm.api.Counter(1);
    const first = counter.add(2);
    expect(await rejectionOf(counter.add(3))).toMatchObject({
      code: "busy",
      details: { class: "Counter", running: "Counter.add" },
    });
    expect(await first).toBe(3);
    expect(await counter.add(3)).toBe(6);
  });

  it("go on after one that fails", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const reason = new Error("on purpose");
    const { promise, fail } = pending();
    const failing = counter.addWhen(promise, Uint8Array.of(9));
    const next = counter.add(1);
    fail(reason);
    expect(await rejectionOf(failing)).toBe(reason);
    expect(await next).toBe(2);
  });

  it("let what awaits one use the object before the next begins", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const seen: number[] = [];
    const first = (async () => {
      await counter.add(1);
      seen.push(counter.value);
    })();
    await Promise.all([first, counter.add(10)]);
    expect([...seen, counter.value]).toEqual([2, 12]);
  });

  it("can be called by what the running one waits for, and then come after it", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    let inner: Promise<number> | undefined;
    const outer = counter.addWhen(
      Promise.resolve().then(() => {
        inner = counter.add(5);
      }),
      Uint8Array.of(1),
    );
    expect(await outer).toBe(2);
    expect(await inner).toBe(7);
  });

  it("are counted by nobody once they have settled: handles and objects are as before", async () => {
    const wasm = await make();
    const counter = new wasm.api.Counter(0);
    await counter.add(1);
    const before = wasm.handles.size;
    for (let round = 0; round < 50; round++) await Promise.all([counter.add(1), counter.add(1)]);
    expect(wasm.handles.size).toBe(before);
    counter.free();
    expect(wasm.api.live()).toBe(0);
  });
});

describe("synchronous use while an asynchronous method runs", () => {
  it("throws busy, also while others wait", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const { promise, settle } = pending();
    const calls = [counter.addWhen(promise, Uint8Array.of(4)), counter.add(1)];
    const uses: (() => unknown)[] = [
      () => counter.peek(),
      () => counter.value,
      () => (counter.value = 3),
      () => wasm.api.takeCounter(counter),
    ];
    for (const use of uses) {
      const error = thrownBy(use) as UnglueError<"busy">;
      expect(error).toMatchObject({ code: "busy", details: { class: "Counter", running: "Counter.addWhen" } });
      expect(error.message).toContain("Await that first");
    }
    settle();
    expect(await Promise.all(calls)).toEqual([5, 6]);
    expect(counter.peek()).toBe(6);
  });

  it("works if it is declared to share the object, except where the module is to take it", async () => {
    const wasm = await module.instantiate({ api: exact });
    const counter = new wasm.api.Counter(1);
    const { promise, settle } = pending();
    const reading = counter.readWhen(promise);
    expect([counter.peek(), counter.value]).toEqual([1, 1]);
    expect(thrownBy(() => wasm.api.takeCounter(counter))).toMatchObject({
      code: "busy",
      details: { running: "Counter.readWhen" },
    });
    settle();
    expect(await reading).toBe(1);
    expect(wasm.api.takeCounter(counter)).toBe(1);
    expect(wasm.api.live()).toBe(0);
  });

  it("shows the object as it is", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const before = JSON.stringify(counter);
    const call = counter.add(1);
    expect(JSON.stringify(counter)).toBe(before);
    await call;
    expect(JSON.stringify(counter)).toBe(before);
  });
});

describe("methods that share their object", () => {
  it("run at the same time, and one that needs it alone waits for all of them", async () => {
    const wasm = await module.instantiate({ api: exact });
    using counter = new wasm.api.Counter(1);
    const [first, second, third] = [pending(), pending(), pending()];
    const settled: string[] = [];
    const note = (name: string, call: Promise<number>) => call.then((value) => settled.push(`${name} ${value}`));
    const calls = [
      note("first", counter.readWhen(first.promise)),
      note("second", counter.readWhen(second.promise)),
      note("add", counter.add(10)),
      // After one that waits, it waits too: else the one before it might wait for ever.
      note("third", counter.readWhen(third.promise)),
    ];
    third.settle();
    second.settle();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toEqual(["second 1"]);
    first.settle();
    await Promise.all(calls);
    expect(settled).toEqual(["second 1", "first 1", "add 11", "third 11"]);
  });

  it("may have it as an argument", async () => {
    const wasm = await module.instantiate({ api: exact });
    using counter = new wasm.api.Counter(1);
    const { promise, settle } = pending();
    const calls = [wasm.api.valueWhen(counter, promise), counter.readWhen(Promise.resolve())];
    expect(await calls[1]).toBe(1);
    const adding = counter.add(1);
    settle();
    expect([await calls[0], await adding]).toEqual([1, 2]);
  });
});

describe("an object that is an argument", () => {
  it("is in use until the promise settles", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(1);
    const { promise, settle } = pending();
    const call = wasm.api.valueWhen(counter, promise);
    expect(thrownBy(() => counter.peek())).toMatchObject({ code: "busy", details: { running: "valueWhen" } });
    const next = counter.add(1);
    settle();
    expect([await call, await next]).toEqual([1, 2]);
  });
});

describe("the arguments of a call that waits", () => {
  it("are those of the time when it was made", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(0);
    const bytes = Uint8Array.of(1, 2, 3);
    const calls = [counter.add(1), counter.addWhen(Promise.resolve(), bytes)];
    bytes.fill(100);
    expect(await Promise.all(calls)).toEqual([1, 7]);
  });

  it("are checked when it is made", async () => {
    const wasm = await make();
    using counter = new wasm.api.Counter(0);
    const running = counter.add(1);
    expect(thrownBy(() => counter.add(-1))).toMatchObject({
      code: "invalid-argument",
      details: { call: "Counter.add" },
    });
    expect(thrownBy(() => counter.addWhen(1 as never, Uint8Array.of()))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => (counter.add as unknown as () => void)())).toMatchObject({
      message: expect.stringContaining("got missing") as string,
    });
    expect(await running).toBe(1);
    expect(await counter.add(1)).toBe(2);
  });
});

it("an argument with a method then that calls back before it returns is a promise to the module", async () => {
  const wasm = await make();
  using counter = new wasm.api.Counter(0);
  const now = { then: (resolve: (value: unknown) => void) => resolve(undefined) };
  expect(await counter.addWhen(now as never, Uint8Array.of(2))).toBe(2);
  const calls = [counter.addWhen(now as never, Uint8Array.of(3)), counter.addWhen(now as never, Uint8Array.of(4))];
  expect(await Promise.all(calls)).toEqual([5, 9]);
  const failure = new Error("on purpose");
  const throws = {
    then: () => {
      throw failure;
    },
  };
  expect(await rejectionOf(counter.addWhen(throws as never, Uint8Array.of()))).toBe(failure);
  expect(wasm.state).toBe("live");
});

describe("an object that ends", () => {
  it("with a method that takes it leaves nothing for those after it", async () => {
    const wasm = await make();
    const counter = new wasm.api.Counter(1);
    const calls = [counter.add(2), counter.finish(), counter.add(4), counter.readWhen(Promise.resolve())];
    expect(await Promise.all(calls.slice(0, 2))).toEqual([3, 3]);
    for (const call of calls.slice(2))
      expect(await rejectionOf(call)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
    expect(thrownBy(() => counter.peek())).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
    expect(wasm.api.live()).toBe(0);
  });

  it("is freed after the calls that were made before, and refuses those after", async () => {
    const wasm = await make();
    const counter = new wasm.api.Counter(1);
    const calls = [counter.add(2), counter.add(3)];
    counter.free();
    counter.free();
    expect(thrownBy(() => counter.add(4))).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    expect(thrownBy(() => counter.peek())).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    expect(wasm.api.live()).toBe(1);
    expect(await Promise.all(calls)).toEqual([3, 6]);
    expect(wasm.api.live()).toBe(0);
  });

  it("may end its block before its call", async () => {
    const wasm = await make();
    const call = (() => {
      using counter = new wasm.api.Counter(1);
      return counter.add(2);
    })();
    expect(await call).toBe(3);
    expect(wasm.api.live()).toBe(0);
  });
});

describe("calls that run or wait when their instance ends", () => {
  const begin = async (options: InstantiateOptions = {}) => {
    const wasm = await make(options);
    const counter = new wasm.api.Counter(1);
    const never = new Promise<never>(() => undefined);
    const calls = [counter.addWhen(never, Uint8Array.of(1)), counter.add(1), counter.readWhen(never)];
    // Under the engine's page, at an address that no memory of 32 bits has.
    const trap = () => wasm.guarded["counter_peek"]?.(-16);
    return { wasm, counter, calls, trap };
  };

  it("reject with disposed", async () => {
    const { wasm, counter, calls } = await begin();
    wasm.dispose();
    const errors = (await Promise.all(calls.map(rejectionOf))) as UnglueError[];
    expect(errors.map(({ code }) => code)).toEqual(["disposed", "disposed", "disposed"]);
    expect(errors[0]?.message).toContain('Cannot finish the call of the export "counter_addWhen"');
    expect(errors[1]?.message).toContain('Cannot call the export "counter_add"');
    expect(thrownBy(() => counter.peek())).toMatchObject({ code: "disposed" });
    expect(thrownBy(() => counter.add(1))).toMatchObject({ code: "disposed" });
  });

  it("reject with poisoned after a trap, with the trap as the cause", async () => {
    const { counter, calls, trap } = await begin();
    expect(thrownBy(trap)).toMatchObject({ code: "trap" });
    const errors = (await Promise.all(calls.map(rejectionOf))) as UnglueError[];
    for (const error of errors) expect(error).toMatchObject({ code: "poisoned", cause: { code: "trap" } });
    expect(errors[0]?.message).toContain('The call of the export "counter_addWhen" will not end');
    expect(errors[1]?.message).toContain('The export "counter_add" was not called');
    expect(thrownBy(() => counter.peek())).toMatchObject({ code: "poisoned" });
  });

  it("reject with life-ended if a restart follows, and the next life has objects of its own", async () => {
    const { wasm, counter, calls, trap } = await begin({ onTrap: "restart" });
    expect(thrownBy(trap)).toMatchObject({ code: "trap" });
    for (const error of await Promise.all(calls.map(rejectionOf)))
      expect(error).toMatchObject({ code: "life-ended", cause: { code: "trap" } });
    for (const use of [() => counter.peek(), () => counter.add(1)])
      expect(thrownBy(use)).toMatchObject({ code: "object-unusable", details: { reason: "ended" } });
    using next = new wasm.api.Counter(1);
    expect(await Promise.all([next.add(1), next.add(1)])).toEqual([2, 3]);
  });

  it("reject with poisoned if no life can follow", async () => {
    let lives = 0;
    const { wasm, calls, trap } = await begin({
      onTrap: "restart",
      imports: () => {
        if (lives++ > 0) throw new Error("on purpose");
        return {};
      },
    });
    expect(thrownBy(trap)).toMatchObject({ code: "trap" });
    expect(wasm.state).toBe("poisoned");
    for (const error of await Promise.all(calls.map(rejectionOf)))
      expect(error).toMatchObject({ code: "poisoned", cause: { code: "restart-failed" } });
  });

  it("end nothing else if nobody awaits them", async () => {
    const unhandled: unknown[] = [];
    const note = (event: unknown) => void unhandled.push(event);
    const { process } = globalThis as {
      process?: { on(name: string, f: object): void; off(name: string, f: object): void };
    };
    const events = ["unhandledRejection", "uncaughtException"];
    if (process) for (const name of events) process.on(name, note);
    const { wasm } = await begin();
    wasm.dispose();
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (process) for (const name of events) process.off(name, note);
    expect(unhandled).toEqual([]);
  });

  it("reject with disposed when a pool takes a fresh instance in place of theirs", async () => {
    const pool = module.pool({ api, max: 1 });
    const wasm = await pool.take();
    const counter = new wasm.api.Counter(1);
    const calls = [counter.addWhen(new Promise(() => undefined), Uint8Array.of(1)), counter.add(1)];
    wasm.dispose();
    for (const error of await Promise.all(calls.map(rejectionOf))) expect(error).toMatchObject({ code: "disposed" });
    expect(await pool.use(async (next) => new next.api.Counter(1).add(1))).toBe(2);
    await pool.dispose();
  });
});

describe("the option borrows", () => {
  const declare = (options: object, result: unknown = t.promise(t.u32)) =>
    load(membersUrl, {
      api: {
        members: {
          Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], result as never, options as never) }),
        },
      },
    });

  it("must be one of three, on a function whose result is a promise", async () => {
    expect(await rejectionOf(declare({ borrows: "mine" }))).toMatchObject({
      code: "interface-mismatch",
      message: expect.stringContaining('borrows must be "exclusive", "shared" or "none"') as string,
    });
    const error = await rejectionOf(declare({ borrows: "shared" }, t.js));
    expect(error).toMatchObject({
      code: "interface-mismatch",
      message: expect.stringContaining("borrows tells how it uses its objects until its promise settles") as string,
    });
  });

  it("of none leaves calls to the module, which then refuses what it cannot do", async () => {
    const wasm = await declare({ borrows: "none" });
    const { Counter } = wasm.api as unknown as Awaited<ReturnType<typeof make>>["api"];
    using counter = new Counter(1);
    const calls = [counter.add(1), counter.add(1)];
    expect(await calls[0]).toBe(2);
    expect(await rejectionOf(calls[1] as Promise<number>)).toMatchObject({
      message: expect.stringContaining("recursive use of an object") as string,
    });
  });
});

it("the option onBusy must be one of two", async () => {
  expect(await rejectionOf(make({ onBusy: "wait" as never }))).toMatchObject({
    code: "invalid-option",
    message: expect.stringContaining('onBusy must be "queue" or "throw"') as string,
  });
});
