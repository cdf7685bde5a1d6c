// A program for a bundler, which takes the types of the browser's entry point.
import { type Adapter, compile, load, type Source, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { offload } from "unglue/offload";

const game: Adapter = {
  name: "game-sdk",
  detect: ({ imports }) =>
    imports.some(({ module }) => module === "game") ? { evidence: ["imports from game"] } : undefined,
  provide: ({ name }) => (name === "now" ? { value: () => Date.now(), evidence: "the SDK's clock" } : undefined),
  attach: () => ({ allocator: { alloc: "game_alloc", free: "game_free" } }),
};

export async function play(source: Source): Promise<number> {
  const wasm = await load<{ step(callback: number, text: number): number }>(source, {
    adapters: [game],
    ledger: createLedger(),
    fetch: (input, init) => fetch(input, { ...init, cache: "no-store" }),
    trace: ({ module, name, args, result }) => console.debug(module, name, args, result),
  });
  const text = wasm.memory.allocString("level 1");
  const done = wasm.callback("id->", (code, seconds) => console.log(code.toFixed(), seconds.toFixed(2)));
  try {
    return wasm.guarded.step(done, text.address) + wasm.memory.u32[text.address / 4]!;
  } catch (error) {
    if (UnglueError.is(error, "poisoned")) wasm.dispose();
    throw error;
  }
}

export const worker = async (source: Source): Promise<WebAssembly.Module> => (await compile(source)).raw;

export async function stepElsewhere(source: Source): Promise<number> {
  const wasm = await offload<{ step(by: number): number }>(source, {
    workers: 2,
    worker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
  });
  try {
    return await wasm.call("step", [1], { timeout: 50, signal: new AbortController().signal });
  } finally {
    await wasm.dispose();
  }
}
