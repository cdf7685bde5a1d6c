import { exported, imported, type NameSign, type Toolchain, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** Functions of Node-API: the first parameter is the environment, and the result is a status. */
const nodeApi: readonly NameSign[] = [
  imported(/^(env|napi)\.napi_/, functionOf(/^[ij][ijfd]*>i?$/)),
  exported(/^napi_register_wasm_v\d/, functionOf(/^[ij]{2}>[ij]$/)),
];

/** Addons for Node-API, such as those of napi-rs. */
export const napi: Toolchain = {
  ...recognised,
  name: "napi",
  signs: [[...nodeApi, exported(/^__napi_register__/, functionOf(/^[ij]*>[ij]?$/))]],
  // Its functions are registered as JavaScript functions.
  registersFunctions: true,
  runtimes: [
    { imports: /^(env|napi)\.napi_/, hint: "It belongs to Node-API: pass adapters: [napi()] from unglue/napi." },
  ],
  // emnapi's, in the threads of its asynchronous work.
  unwinds: /^env\._emnapi_unwind$/,
  advice: [{ code: "node-api", all: [nodeApi], none: undefined, own: false }],
};
