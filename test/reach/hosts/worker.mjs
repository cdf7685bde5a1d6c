// A module worker of a page.
/* global addEventListener, navigator, postMessage */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const report = (result) => postMessage(result);
addEventListener("unhandledrejection", ({ reason }) => report({ unhandled: describe(reason) }));
// Only Chromium's workers go on reliably after workers of their own were ended: see gaps.mjs.
const nested = navigator.userAgent.includes("Chrome/") ? offload : undefined;
await runSuite(
  describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload: nested, collect: globalThis.gc }),
  report,
);
