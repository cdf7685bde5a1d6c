import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { moduleUrl } from "../../packages/served.ts";
import type { Database, GlueSql } from "./scenarios/gluesql.ts";

interface Exports {
  glue_new(): number;
  glue_query(pointer: number, sql: number, length: number): number;
  __wbg_glue_free(pointer: number): void;
}

/** The callbacks of its promises: only the module's generated JavaScript knows what runs and destroys them. */
const adapters = [
  wasmBindgen({
    closures: {
      __wbindgen_closure_wrapper999: { call: "__wbindgen_export_1", signature: "mut (H)", destroy: 98 },
    },
  }),
];

/** Loads gluesql's module without its JavaScript. */
export async function openGlueSql() {
  const logged: string[] = [];
  const wasm = await load<Exports>(moduleUrl("gluesql/nodejs/gluesql_js_bg.wasm"), {
    adapters,
    // gluesql declares console.log for itself, so that its hash is of no known crate.
    imports: (instance) => ({
      __wbindgen_placeholder__: {
        __wbg_log_ad3161670ab77d95: (address: number, length: number) => {
          logged.push(instance.memory.readString(address, length));
        },
      },
    }),
  });
  const { guarded, handles, memory } = wasm;
  class Glue implements Database {
    readonly #pointer = guarded.glue_new();
    query(sql: string) {
      const { address, length } = memory.allocString(sql);
      return handles.take(guarded.glue_query(this.#pointer, address, length)) as Promise<unknown>;
    }
    free() {
      guarded.__wbg_glue_free(this.#pointer);
    }
  }
  const api: GlueSql = { Glue };
  return { wasm, api, logged };
}
