// Opens an edge VM in Node, and runs there the bundle that is named.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { EdgeVM } from "@edge-runtime/vm";

const report = (result) => console.log(`reach ${JSON.stringify(result)}`);
process.on("unhandledRejection", (error) => report({ unhandled: String(error?.stack ?? error) }));
const vm = new EdgeVM({
  codeGeneration: { strings: false, wasm: true },
  extend: (context) => Object.assign(context, { reachReport: report, reachCollect: globalThis.gc }),
});
vm.evaluate(await readFile(process.argv[2], "utf8"));
await vm.context.reachDone;
