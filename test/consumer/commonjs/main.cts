// A CommonJS program in Node.
import unglue = require("unglue");
import ledgers = require("unglue/ledger");
import offloading = require("unglue/offload");
import whole = require("unglue/whole");
import type { Instance } from "unglue";

interface Counter {
  count(callback: number): number;
}

const inOneFile: typeof unglue.load = whole.load;

async function main(path: string): Promise<number> {
  const ledger: ledgers.Ledger = ledgers.createLedger();
  const wasm: Instance<Counter> = await unglue.load<Counter>(path, { missing: "warn", warn: console.error, ledger });
  const each = wasm.callback("i->i", (n) => n + 1);
  const { address } = wasm.memory.allocString("text", { encoding: "utf-16", layout: "u32" });
  try {
    return wasm.exports.count(each) + wasm.memory.readString(address, "u32", { encoding: "utf-16" }).length;
  } catch (error) {
    if (unglue.UnglueError.is(error, "allocation-failed")) console.error(error.details.size);
    throw error;
  } finally {
    wasm.dispose();
    ledger.expectNoLeaks();
  }
}

async function count(path: string): Promise<number> {
  const wasm: offloading.Offload<Counter> = await offloading.offload<Counter>(path, { timeout: 1000 });
  return wasm.exports.count(await wasm.call("count", [1], { timeout: 50 }));
}

export = { main, count, inOneFile, shape: (bytes: Buffer) => unglue.inspect(bytes).toolchain.name };
