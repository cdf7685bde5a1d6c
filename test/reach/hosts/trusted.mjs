// A page whose policy asks for trusted types.
/* global Worker, parent, trustedTypes */
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import { describeRuntime } from "./env.mjs";

const { modules } = describeRuntime({});
const results = {};
try {
  results.load = (await unglue.load(modules.c)).exports.add(1, 2);
  const policy = trustedTypes.createPolicy("reach", { createScriptURL: (url) => url });
  const script = new URL("../../node_modules/unglue/dist/offload-worker.js", import.meta.url).href;
  const worker = () => new Worker(policy.createScriptURL(script), { type: "module" });
  const wasm = await offload.offload(modules.c, { missing: "zero", worker });
  results.offload = await wasm.exports.add(3, 4);
  await wasm.dispose();
} catch (error) {
  results.error = String(error);
}
parent.postMessage(results);
