import { exported, imported, ofNumbers, type Toolchain, withoutAnything, recognised } from "../toolchain.ts";
import { functionOf } from "../evidence.ts";

/** ruby.wasm. */
export const ruby: Toolchain = {
  ...recognised,
  name: "ruby",
  signs: [
    [
      imported(/^rb-js-abi-host\./, ofNumbers),
      exported(/^ruby-show-version: func/, withoutAnything),
      exported(/^ruby-init: func/, functionOf(/^[ij]{2}>$/)),
    ],
  ],
};
