// A server without the DOM's types: paths, buffers, one module and many instances.
import { readFileSync } from "node:fs";
import { compile, compileSync, type Instance, load, loadSync, t, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { type Offload, offload } from "unglue/offload";

interface Game {
  score(player: number): bigint;
}

export async function tenants(names: readonly string[]): Promise<Map<string, Instance<Game>>> {
  const module = await compile("./tenant.wasm", { signal: AbortSignal.timeout(1000), fetch });
  const instances = new Map<string, Instance<Game>>();
  for (const name of names) {
    const imports = { env: { now: () => performance.now(), name: () => name.length } };
    instances.set(name, await module.instantiate<Game>({ imports, missing: "trap", onTrap: "poison" }));
  }
  return instances;
}

export function total(bytes: Buffer): bigint {
  const wasm = loadSync<Game>(bytes);
  const text = wasm.memory.allocString("hello", { layout: "nul" });
  try {
    console.log(wasm.memory.readString(text.address), wasm.imports.length, wasm.toolchain.name);
    return wasm.exports.score(1) + wasm.guarded.score(2);
  } catch (error) {
    if (UnglueError.is(error, "out-of-bounds")) console.error(error.details.address, error.details.size);
    throw error;
  } finally {
    wasm.memory.free(text.address, text.length);
    wasm.dispose();
  }
}

export const callbackOf = (wasm: Instance): number => wasm.callback("ij->d", (count, big) => Number(big) * count);

export const fromWeb = (): Promise<Instance> => load(fetch("https://example.com/a.wasm"), { integrity: "sha384-x" });

console.log(compileSync(readFileSync("./tenant.wasm")).shape.exports.map(({ name }) => name));

export async function leaks(bytes: Buffer): Promise<string[]> {
  const ledger = createLedger({ history: 100 });
  const wasm = await load<Game>(bytes, { ledger });
  const { address } = wasm.memory.allocString("player");
  wasm.memory.release(address);
  wasm.memory.adopt(address, 6, 1);
  ledger.accept();
  try {
    ledger.expectNoLeaks();
    return [];
  } catch (error) {
    if (!UnglueError.is(error, "memory-leaked")) throw error;
    return error.details.allocations.map(({ size, stack }) => `${size.toFixed()} by ${stack}`);
  }
}

const scoring = t.api({ score: t.fn([t.u32], t.u64), Player: t.class({ new: t.ctor([]), name: t.field(t.string) }) });

export async function scores(bytes: Buffer, players: readonly number[]): Promise<bigint[]> {
  const wasm: Offload<Game, typeof scoring.members> = await offload(bytes, { api: scoring, workers: 4 });
  const player = await wasm.api.Player.new();
  await player.name("first");
  console.log(await player.name(), player instanceof wasm.api.Player);
  const all = await Promise.all(players.map((one) => wasm.with({ timeout: 50 }).api.score(one)));
  return [...all, await wasm.exports.score(1), await wasm.call("score", [2], { signal: AbortSignal.timeout(50) })];
}
