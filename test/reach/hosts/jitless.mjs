// Runs in a Node under --jitless, which has no WebAssembly: prints the codes of what is refused, and what works.
import { readFile } from "node:fs/promises";
import * as unglue from "unglue";
import { offload } from "unglue/offload";

const bytes = new Uint8Array(await readFile(new URL("../modules/c.wasm", import.meta.url)));
const codeOf = async (work) => {
  try {
    await work();
    return "worked";
  } catch (error) {
    return error.code ?? String(error);
  }
};
const codes = {
  load: await codeOf(() => unglue.load(bytes)),
  compile: await codeOf(() => unglue.compile("https://example.invalid/c.wasm")),
  loadSync: await codeOf(() => unglue.loadSync(bytes)),
  offload: await codeOf(() => offload(bytes)),
  inspect: await codeOf(() => unglue.inspect(bytes)),
};
console.log(JSON.stringify(codes));
