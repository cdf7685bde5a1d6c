// A service worker, bundled: `import()` is forbidden there.
/* global addEventListener */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

addEventListener("message", (event) => {
  const [port] = event.ports;
  const report = (result) => port.postMessage(result);
  addEventListener("unhandledrejection", ({ reason }) => report({ unhandled: describe(reason) }));
  event.waitUntil(
    runSuite(describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, collect: globalThis.gc }), report),
  );
});
