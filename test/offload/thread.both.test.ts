import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSlot } from "../../src/offload/slot.ts";
import { createThread } from "../../src/offload/thread.ts";
import { inspect } from "unglue";

const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const setup = {
  module: new WebAssembly.Module(bytes),
  options: { shape: inspect(bytes) },
  imports: undefined,
  hosts: undefined,
  api: undefined,
  hasFunctions: false,
};

type Listener = (event: unknown) => void;

/** A worker as the library sees it, of Node or of a browser, that does what a test says. */
function createWorker(kind: "node" | "browser") {
  const listeners = new Map<string, Listener[]>();
  const add = (event: string, listener: Listener): void => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  };
  const calls: string[] = [];
  const worker = {
    calls,
    /** The outcome of a message. */
    post: (message: unknown): void => void message,
    postMessage: (message: unknown): void => worker.post(message),
    terminate: (): unknown => void calls.push("terminate"),
    ref: () => void calls.push("ref"),
    unref: () => void calls.push("unref"),
    emit(event: string, value?: unknown): void {
      for (const listener of listeners.get(event) ?? []) listener(value);
    },
    /** As comlink answers. */
    answer(message: unknown, value: unknown): void {
      const data = { id: (message as { id: string }).id, type: "RAW", value };
      this.emit("message", kind === "node" ? data : { data });
    },
    ...(kind === "node"
      ? { on: add, off: () => undefined }
      : { addEventListener: add, removeEventListener: () => undefined }),
  };
  return worker;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each(["node", "browser"] as const)("a worker as %s has it", (kind) => {
  it("is kept alive while it does something, and only then", async () => {
    const worker = createWorker(kind);
    worker.post = (message) => worker.answer(message, { value: undefined });
    const thread = createThread(worker);
    expect(worker.calls).toEqual([]);
    expect(await thread.open(setup)).toEqual({ value: undefined });
    expect(worker.calls).toEqual(["ref", "unref"]);
  });

  it.each([
    ["never tells of its end", () => new Promise(() => undefined)],
    ["ends", () => Promise.resolve(1)],
    ["ends without a promise", () => undefined],
    ["fails to end", () => Promise.reject(new Error("no"))],
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
  ])("that %s does not keep its end waiting, nor a call", async (_, terminate) => {
    const worker = createWorker(kind);
    worker.terminate = terminate;
    const thread = createThread(worker);
    const running = thread.open(setup);
    const end = thread.end();
    expect(await running).toMatchObject({ lost: "ended", cause: { message: "it has been ended" } });
    await vi.runAllTimersAsync();
    await end;
    expect(vi.getTimerCount()).toBe(0);
    expect(worker.calls.at(-1)).toBe("unref");
  });

  it("that failed before anything was asked of it says so when it is asked", async () => {
    const worker = createWorker(kind);
    const slot = createSlot(1, () => createThread(worker), setup);
    worker.post = () => worker.emit("error", kind === "node" ? new Error("early") : { message: "early" });
    await expect(slot.open()).rejects.toMatchObject({
      code: "worker-ended",
      details: { during: "start" },
      cause: { message: "early" },
    });
    expect(slot.isOpen).toBe(false);
    const thread = createThread(worker);
    worker.emit("error", kind === "node" ? new Error("earlier") : { message: "earlier" });
    expect(await thread.open(setup)).toMatchObject({ lost: "ended", cause: { message: "earlier" } });
    expect(await thread.call({ kind: "export", name: "f", args: [] }, [])).toMatchObject({ lost: "ended" });
  });

  it("that cannot read a message, or whose message cannot be read, goes on", async () => {
    const worker = createWorker(kind);
    const slot = createSlot(1, () => createThread(worker), setup);
    const call = () => slot.call({ kind: "export", name: "f", args: [] }, []);
    worker.post = (message) => worker.answer(message, { value: 1 });
    await slot.open();
    worker.post = () => worker.emit("message", kind === "node" ? "unreadable" : { data: "unreadable" });
    await expect(call()).rejects.toMatchObject({ code: "not-cloneable", details: { export: "f", what: "arguments" } });
    worker.post = () => worker.emit("messageerror", new Error("no"));
    await expect(call()).rejects.toMatchObject({ code: "not-cloneable", details: { export: "f", what: "result" } });
    worker.post = () => {
      throw new RangeError("too large");
    };
    await expect(call()).rejects.toMatchObject({ code: "not-cloneable", cause: { message: "too large" } });
    worker.post = (message) => worker.answer(message, { value: 2 });
    expect(await call()).toBe(2);
    expect(worker.calls).not.toContain("terminate");
  });

  it("whose script is another's is told by its answers", async () => {
    const worker = createWorker(kind);
    worker.post = (message) => worker.answer(message, "hello");
    const slot = createSlot(1, () => createThread(worker), setup);
    await expect(slot.open()).rejects.toMatchObject({ code: "worker-ended" });
    expect(worker.calls).toContain("terminate");
  });

  it("is not ended in Bun while its module may be in a loop, but as soon as it answers", async () => {
    vi.stubGlobal("Bun", {});
    const worker = createWorker(kind);
    const posted: unknown[] = [];
    worker.post = (message) => void posted.push(message);
    const thread = createThread(worker);
    const running = thread.open(setup);
    const end = thread.end();
    expect(thread.end()).toBe(end);
    expect(await running).toMatchObject({ lost: "ended" });
    await vi.runAllTimersAsync();
    await end;
    expect(worker.calls).toEqual(["ref", "unref", "unref"]);
    expect(posted).toHaveLength(2);
    worker.answer(posted[1], undefined);
    await vi.runAllTimersAsync();
    expect(worker.calls.at(-1)).toBe("terminate");
  });

  it("is ended immediately in Bun where it does nothing", async () => {
    vi.stubGlobal("Bun", {});
    const worker = createWorker(kind);
    await createThread(worker).end();
    expect(worker.calls).toEqual(["terminate", "unref"]);
  });

  it("that has ended is posted nothing, since some runtimes throw then", async () => {
    const worker = createWorker(kind);
    const posted: unknown[] = [];
    worker.post = (message) => void posted.push(message);
    const thread = createThread(worker);
    void thread.open(setup);
    await thread.end();
    await thread.open(setup);
    expect(posted).toHaveLength(1);
  });
});
