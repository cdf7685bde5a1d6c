// Runs in the edge VM. The host outside gives `report`.
/* global reachReport, reachCollect */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

Reflect.set(
  globalThis,
  "reachDone",
  runSuite(describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, collect: reachCollect }), reachReport),
);
