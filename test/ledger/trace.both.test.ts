import { load } from "unglue";
import { createLedger } from "unglue/ledger";
import { afterEach, describe, expect, it, vi } from "vitest";
import { thrownBy } from "../wat.ts";
import { reusing } from "./modules.ts";

const own = "trace.both.test";
const { stackTraceLimit } = Error;

afterEach(() => {
  vi.unstubAllGlobals();
  Error.stackTraceLimit = stackTraceLimit;
});

async function open() {
  const ledger = createLedger();
  const { memory } = await load(reusing, { ledger });
  return { ledger, memory, stacks: () => ledger.live.map(({ stack }) => stack.split("\n")) };
}

describe("the stack of an allocation", () => {
  it("is empty where the engine keeps no frames, or the program's own form of a stack throws", async () => {
    const { ledger, memory } = await open();
    Error.stackTraceLimit = 0;
    memory.alloc(8);
    const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    try {
      (Error as { prepareStackTrace?: unknown }).prepareStackTrace = () => {
        throw new Error("prepared");
      };
      memory.alloc(8);
      // The texts are written in a microtask, where what is thrown would reach nobody.
      await Promise.resolve();
      await Promise.resolve();
    } finally {
      if (prepare) Object.defineProperty(Error, "prepareStackTrace", prepare);
      else Reflect.deleteProperty(Error, "prepareStackTrace");
      Error.stackTraceLimit = stackTraceLimit;
    }
    expect(ledger.live.map(({ stack }) => stack)).toEqual(["", ""]);
    const error = thrownBy(() => {
      ledger.expectNoLeaks();
    }) as Error;
    expect(error.message).toContain("(the engine does not tell)");
    expect(error.message).not.toMatch(/^\s+Error$/m);
  });

  it("begins with the program's own frame, by whatever it was allocated", async () => {
    const { memory, stacks } = await open();
    const arena = memory.arena();
    const long = "é".repeat(5000);
    const ways = [
      () => memory.alloc(8),
      () => memory.allocString("short"),
      () => memory.allocString(long),
      () => memory.allocString(long, { encoding: "utf-16" }),
      () => arena.alloc(8),
      () => arena.bytes(new Uint8Array(8)),
      () => arena.string("short"),
      () => arena.string(long, { layout: "u32" }),
      () => memory.adopt(8, 8),
    ];
    for (const way of ways) way();
    const firsts = stacks().map(([first]) => first);
    expect(firsts).toEqual(ways.map(() => expect.stringContaining(own) as string));
    // Each has a line of its own.
    expect(new Set(firsts).size).toBe(ways.length);
  });

  it("has no frame of the library before the program's own, wherever the library's code lies", async () => {
    const { memory, stacks } = await open();
    (function outside() {
      memory.arena(function inside() {
        memory.alloc(8);
      });
    })();
    const [frames = []] = stacks();
    expect(frames[0]).toMatch(/inside/);
    expect(frames.find((frame) => frame.includes("outside"))).toContain(own);
  });

  it("is that of its making, whenever it is asked for", async () => {
    const { memory, stacks } = await open();
    (function before() {
      memory.alloc(8);
    })();
    const [at] = stacks();
    await Promise.resolve();
    expect(stacks()).toEqual([at]);
    expect(at?.[0]).toContain("before");
  });

  it("has as many frames as the program asks for, and leaves its wish alone", async () => {
    const { memory, stacks } = await open();
    const deep = (depth: number): unknown => (depth > 0 ? [deep(depth - 1)] : memory.allocString("é".repeat(100)));
    Error.stackTraceLimit = 5;
    deep(30);
    expect(Error.stackTraceLimit).toBe(5);
    Error.stackTraceLimit = stackTraceLimit;
    const [frames = []] = stacks();
    expect(frames.length).toBeGreaterThanOrEqual(5);
    expect(frames.every((frame) => frame.includes(own))).toBe(true);
  });

  it("is empty, and in messages said to be, where the program makes something else of stacks", async () => {
    const { ledger, memory, stacks } = await open();
    const prepareStackTrace: unknown = Reflect.get(Error, "prepareStackTrace");
    Reflect.set(Error, "prepareStackTrace", () => 7);
    try {
      memory.alloc(8);
      expect(stacks()).toEqual([[""]]);
    } finally {
      Reflect.set(Error, "prepareStackTrace", prepareStackTrace);
    }
    expect((thrownBy(() => ledger.expectNoLeaks()) as Error).message).toContain("(the engine does not tell)");
  });
});

/** An engine without captureStackTrace, whose errors have this for a stack. */
function engineWith(stack: string): void {
  vi.stubGlobal(
    "Error",
    class {
      stack = stack;
    },
  );
}

describe("the stacks of other engines", () => {
  it("are read in the form of Firefox and Safari, from the function that the program has called on", async () => {
    const { memory } = await load(reusing);
    const calls: unknown[] = [];
    vi.stubGlobal(
      "Error",
      class {
        static captureStackTrace(holder: { stack?: string }, call: unknown): void {
          calls.push(call);
          holder.stack = "store@http://localhost:8080/app.js:7:3\nwasm://x:1\n";
        }
      },
    );
    const ledger = createLedger();
    const log = ledger.follow(memory as never);
    const call = (): void => undefined;
    const leave = log.enter?.(call);
    // One within another is part of it.
    log.enter?.(() => undefined)();
    log.allocated(8, 8, 8);
    leave?.();
    expect(ledger.live[0]?.stack).toBe("store@http://localhost:8080/app.js:7:3\nwasm://x:1");
    log.allocated(16, 8, 8);
    expect(calls[0]).toBe(call);
    expect(calls[1]).not.toBe(call);
  });

  it("are left whole where the engine cannot leave frames out", async () => {
    const { memory } = await load(reusing);
    engineWith(
      "Error\n    at q (/app/dist/main.js:1:50)\n    at Object.alloc (/app/dist/main.js:1:70)\n    at s (/app/dist/main.js:1:9)",
    );
    const ledger = createLedger();
    ledger.follow(memory as never).allocated(8, 8, 8);
    expect(ledger.live[0]?.stack.split("\n")).toHaveLength(3);
  });
});

describe("the frames in a message", () => {
  it("are the caller and what is the program's own behind it, twelve at most", async () => {
    const { memory } = await load(reusing);
    const frames = [
      "wrap (/app/node_modules/wrapper/index.js:1:1)",
      "new Promise (<anonymous>)",
      "other (/app/node_modules/wrapper/index.js:2:1)",
      "one (/app/a.js:1:1)",
      "Context.<anonymous> (/app/a.test.js:2:1)",
      "node:internal/timers:10:1",
      "async Test.run (node:internal/test_runner/test:797:9)",
      "wasm://wasm/1:wasm-function[3]:0x1f",
      ...Array.from({ length: 9 }, (_, at) => `outer${at} (/app/a.js:${at}:1)`),
    ];
    engineWith(`Error\n${frames.map((frame) => `    at ${frame}`).join("\n")}`);
    const ledger = createLedger();
    ledger.follow(memory as never).allocated(8, 8, 8);
    vi.unstubAllGlobals();
    const { message } = thrownBy(() => ledger.expectNoLeaks()) as Error;
    expect(message.match(/^ {4}.*$/gm)).toEqual(
      [0, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => `    ${frames[at]}`),
    );
    expect(ledger.live[0]?.stack).toBe(frames.join("\n"));
  });

  it("come for each place once, and for ten places at most", async () => {
    const { ledger, memory } = await open();
    for (let at = 0; at < 3; at += 1) memory.alloc(8);
    expect((thrownBy(() => ledger.expectNoLeaks()) as Error).message).toMatch(
      /^Not freed: 3 allocations, 24 bytes\.\n\n3 allocations, 24 bytes, the first at address \d+, allocated at:\n/,
    );
    const deep = (depth: number): unknown => (depth > 0 ? [deep(depth - 1)] : memory.alloc(1));
    for (let depth = 0; depth < 10; depth += 1) deep(depth);
    const { message } = thrownBy(() => ledger.expectNoLeaks()) as Error;
    expect(message.match(/allocated at:/g)).toHaveLength(10);
    expect(message).toContain("There is 1 more place: see details.allocations.");
  });
});
