import { describe, expect, it } from "vitest";
import { itAnswersAsItsGlue } from "./compare.ts";
import { openGlueSql } from "./gluesql.ts";
import { gluesqlScenario } from "./scenarios/gluesql.ts";

describe("gluesql 0.14.3: wasm-bindgen 0.2.84, heap, return pointer, async exports", () => {
  it("is read as that, and every import is the adapter's but console.log and the ways to the global object", async () => {
    const { wasm } = await openGlueSql();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.84" });
    const others = wasm.imports.filter(({ provider }) => provider !== "adapter");
    expect(others.filter(({ name }) => !/^__wbg_(log|self|window|globalThis|global)_/.test(name))).toEqual([]);
  });

  itAnswersAsItsGlue("gluesql", gluesqlScenario, openGlueSql);

  it("keeps instances apart, whose promises are under way at once", async () => {
    const opened = await Promise.all([openGlueSql(), openGlueSql()]);
    const databases = opened.map(({ api }) => new api.Glue());
    expect(opened.map(({ logged }) => logged.length)).toEqual([1, 1]);
    const asked = databases.map(async (database, at) => {
      await database.query("CREATE TABLE own (n INTEGER)");
      for (let n = 0; n <= at; n += 1) await database.query(`INSERT INTO own VALUES (${n})`);
      return database.query("SELECT COUNT(*) AS n FROM own");
    });
    const counted = await Promise.all(asked);
    expect(counted).toEqual([1, 2].map((n) => [{ rows: [{ n }], type: "SELECT" }]));
  });

  it("loses neither memory nor handles over many promises", async () => {
    const { api, wasm } = await openGlueSql();
    const database = new api.Glue();
    const round = async () => {
      for (let at = 0; at < 50; at += 1) await database.query("SELECT 1 AS one; SHOW TABLES");
    };
    await round();
    const before = [wasm.memory.byteLength, wasm.handles.size];
    for (let at = 0; at < 20; at += 1) await round();
    expect([wasm.memory.byteLength, wasm.handles.size]).toEqual(before);
  });
});
