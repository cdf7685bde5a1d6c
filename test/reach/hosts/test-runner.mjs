// A test file for Jest and for Vitest: one test, which runs the suite.
/* global test */
import process from "node:process";
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const report = (result) => process.stdout.write(`\nreach ${JSON.stringify(result)}\n`);

test("the suite", async () => {
  process.on("unhandledRejection", (error) => report({ unhandled: describe(error) }));
  // Which entry point is taken, the runner decides: it tells by itself whether it reads files.
  const folder = process.env.UNGLUE_REACH_FOLDER || undefined;
  await runSuite(
    describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, folder, collect: globalThis.gc }),
    report,
  );
}, 300_000);
