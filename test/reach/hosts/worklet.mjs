// An audio worklet, bundled: it has neither `import()` nor most of what the web has.
/* global AudioWorkletProcessor, registerProcessor */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

class Reach extends AudioWorkletProcessor {
  constructor() {
    super();
    const waiting = new Map();
    let count = 0;
    // The page has the timers.
    const tick = () =>
      new Promise((resolve) => {
        waiting.set(++count, resolve);
        this.port.postMessage({ tick: count });
      });
    const env = describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, collect: globalThis.gc, tick });
    this.port.onmessage = ({ data }) => {
      if (data === "run") void runSuite(env, (result) => this.port.postMessage(result));
      else waiting.get(data.tick)?.();
    };
  }

  process() {
    return true;
  }
}

registerProcessor("reach", Reach);
