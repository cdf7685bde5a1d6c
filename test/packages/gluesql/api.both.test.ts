import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { moduleUrl } from "../served.ts";
import { itAnswersAsItsGlue, losesNothing } from "../compare.ts";
import { gluesqlScenario } from "./scenario.ts";
import { api } from "./api.ts";

/** The callbacks of its promises: only the module's generated JavaScript knows what runs and destroys them. */
const adapters = [
  wasmBindgen({
    closures: {
      __wbindgen_closure_wrapper999: { call: "__wbindgen_export_1", signature: "mut (H)", destroy: 98 },
    },
  }),
];

/** gluesql declares console.log for itself, so that its hash is of no known crate. */
const open = (log: (text: string) => void = () => undefined) =>
  load(moduleUrl("gluesql"), {
    api,
    adapters,
    imports: (instance) => ({
      __wbindgen_placeholder__: {
        __wbg_log_ad3161670ab77d95: (address: number, length: number) => {
          log(instance.memory.readString(address, length));
        },
      },
    }),
  });

describe("gluesql 0.14.3 through a declared interface: wasm-bindgen 0.2.84, heap, return pointer, async exports", () => {
  it("is read as that, and every import is the adapter's but console.log and the ways to the global object", async () => {
    const { toolchain, imports } = await open();
    expect(toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.84" });
    const others = imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(log|self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("gluesql", gluesqlScenario, open);

  it("keeps instances apart, whose promises are under way at once", async () => {
    const logged: string[][] = [[], []];
    const opened = await Promise.all(logged.map((lines) => open((line) => lines.push(line))));
    const databases = opened.map((wasm) => new wasm.api.Glue());
    expect(logged.map(({ length }) => length)).toEqual([1, 1]);
    const asked = databases.map(async (database, at) => {
      await database.query("CREATE TABLE own (n INTEGER)");
      for (let n = 0; n <= at; n += 1) await database.query(`INSERT INTO own VALUES (${n})`);
      return database.query("SELECT COUNT(*) AS n FROM own");
    });
    const counted = await Promise.all(asked);
    expect(counted).toEqual([1, 2].map((n) => [{ rows: [{ n }], type: "SELECT" }]));
  });

  it("loses nothing over many promises", async () => {
    const wasm = await open();
    const database = new wasm.api.Glue();
    await losesNothing(wasm, async () => {
      for (let at = 0; at < 20; at += 1) await database.query("SELECT 1 AS one; SHOW TABLES");
    });
  });
});
