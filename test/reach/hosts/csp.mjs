// A page whose policy forbids compiling.
/* global parent */
import * as unglue from "unglue";
import { describeRuntime } from "./env.mjs";

const { modules } = describeRuntime({});
const codeOf = async (work) => {
  try {
    await work();
    return "loaded";
  } catch (error) {
    return error.code ?? String(error);
  }
};
parent.postMessage({
  load: await codeOf(() => unglue.load(modules.c)),
  loadSync: await codeOf(async () => unglue.loadSync(modules.c)),
  url: await codeOf(() => unglue.load("/c.wasm")),
  inspect: await codeOf(async () => unglue.inspect(modules.c)),
});
