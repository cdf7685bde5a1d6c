// Cloudflare's engine: a request runs the suite and is answered with the results, a line each.
/* global Response, addEventListener, gc */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import bindgenModule from "../modules/bindgen.wasm";
import c from "../modules/c.wasm";
import command from "../modules/command.wasm";
import lz4 from "../modules/lz4.wasm";
import memory from "../modules/memory.wasm";
import reactor from "../modules/reactor.wasm";
import trampoline from "../modules/trampoline.wasm";
import wasiLibrary from "../modules/wasiLibrary.wasm";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const compiled = { c, memory, reactor, lz4, trampoline, bindgen: bindgenModule, command, wasiLibrary };

export default {
  async fetch() {
    const results = [];
    addEventListener("unhandledrejection", ({ reason }) => results.push({ unhandled: describe(reason) }));
    const collect = typeof gc === "function" ? gc : undefined;
    await runSuite(describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, compiled, collect }), (result) =>
      results.push(result),
    );
    return new Response(results.map((result) => JSON.stringify(result)).join("\n"));
  },
};
