// A module worker of a page.
/* global addEventListener, postMessage */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const report = (result) => postMessage(result);
addEventListener("unhandledrejection", ({ reason }) => report({ unhandled: describe(reason) }));
await runSuite(describeRuntime({ unglue, bindgen, ledger, offload, collect: globalThis.gc }), report);
