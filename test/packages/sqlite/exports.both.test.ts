import { beforeAll, describe, expect, it } from "vitest";
import { compile, inspect, load, UnglueError } from "unglue";
import type { Instance } from "unglue";
import { answersOf, moduleBytes, moduleUrl } from "../served.ts";
import { thrownBy } from "../../wat.ts";

/** Of SQLite's functions, those that the queries need; the build with debug names has them under their own names. */
interface Sqlite {
  malloc(size: number): number;
  free(address: number): void;
  emscripten_stack_init(): void;
  sqlite3_open(name: number, database: number): number;
  sqlite3_exec(database: number, sql: number, callback: number, context: number, message: number): number;
  sqlite3_update_hook(database: number, callback: number, context: number): number;
  sqlite3_errmsg(database: number): number;
  sqlite3_close_v2(database: number): number;
}

interface Answers {
  script: string;
  queries: string[];
  results: [name: string, value: string | null][][][];
  changes: string;
  hooked: [operation: string, database: string, table: string, row: string][];
}

const operations = new Map([
  [9, "delete"],
  [18, "insert"],
  [23, "update"],
]);

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf("sql.js");
});

describe("the module of sql.js with minified names", () => {
  it("is recognised as Emscripten's, and the advice says how to keep the names", async () => {
    const { toolchain, advice } = inspect(await moduleBytes("sql.js"));
    expect(toolchain.name).toBe("emscripten");
    expect(toolchain.evidence).not.toEqual([]);
    expect(advice.map(({ code }) => code)).toEqual(["minified-names", "constructors-not-run"]);
    expect(advice[0]?.message).toMatch(/-sSTANDALONE_WASM|-lexports\.js/);
  });

  it("loads under missing: trap, with a stub for each of its imports", async () => {
    const wasm = await load(moduleUrl("sql.js"));
    expect(wasm.imports.length).toBeGreaterThan(30);
    expect(wasm.imports.every(({ module, provider }) => module === "a" && provider === "stub")).toBe(true);
    expect(wasm.shape.advice).toMatchObject([{ code: "minified-names" }, { code: "constructors-not-run" }]);
    expect(wasm.imports[0]?.evidence).toContain("constructors were not run");
    expect(wasm.memory.byteLength).toBeGreaterThanOrEqual(1 << 24);
  });

  it("says which import a call needed, with its type", async () => {
    const wasm = await load(moduleUrl("sql.js"), { onTrap: "throw" });
    const initializers = wasm.shape.exports.filter(
      (one) => one.kind === "function" && one.type?.params.length === 0 && one.type.results.length === 0,
    );
    expect(initializers.length).toBeGreaterThan(0);
    const errors = initializers.map(({ name }) => thrownBy(() => wasm.guarded[name]?.())).filter(Boolean);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      if (!UnglueError.is(error, "missing-import-called")) throw error;
      const { module, name, type } = error.details;
      expect(wasm.shape.imports).toContainEqual({ module, name, kind: "function", type });
      expect(error.message).toContain(`"a"."${name}"`);
    }
    expect(wasm.state).toBe("live");
  });
});

describe("the module of sql.js with debug names", () => {
  it("is recognised as Emscripten's and needs no advice", async () => {
    const { toolchain, advice } = inspect(await moduleBytes("sql.js-debug"));
    expect(toolchain.name).toBe("emscripten");
    expect(toolchain.evidence.join()).toMatch(/env\.(emscripten|__syscall)_/);
    expect(advice).toEqual([]);
  });

  it("cannot be initialized under missing: trap, because its initializer calls the check of the stack", async () => {
    const error = await load(moduleUrl("sql.js-debug")).then(undefined, (reason: unknown) => reason);
    expect(UnglueError.is(error, "missing-import-called") && error.details).toEqual({
      module: "env",
      name: "__handle_stack_overflow",
      type: { params: ["i32"], results: [] },
      during: "__wasm_call_ctors",
    });
  });

  it("runs SQLite through callbacks in its table, and every row is what sql.js returns", async () => {
    const { query, run } = await openDatabase();
    run(answers.script);
    expect(answers.results.map(({ length }) => length > 0)).toEqual([true, true, true, true, false]);
    expect(answers.queries.map(query)).toEqual(answers.results);
  });

  it("tells each change through a callback with a 64-bit parameter, as sql.js does", async () => {
    const { wasm, database, run } = await openDatabase();
    run(answers.script);
    const hooked: unknown[] = [];
    const hook = wasm.callback("iiiij->", (_context, operation, name, table, row) => {
      hooked.push([operations.get(operation), wasm.memory.readString(name), wasm.memory.readString(table), `${row}`]);
    });
    wasm.guarded.sqlite3_update_hook(database, hook, 0);
    run(answers.changes);
    expect(answers.hooked.length).toBe(3);
    expect(hooked).toEqual(answers.hooked);
  });

  it("reports an error of SQL in SQLite's words", async () => {
    const { run } = await openDatabase();
    expect(() => run("select * from nowhere")).toThrow(new Error("no such table: nowhere"));
  });

  it("reuses the table's slots over many queries", async () => {
    const { wasm, query } = await openDatabase();
    query("select 1 as one");
    const before = wasm.table.length;
    for (let at = 0; at < 200; at += 1) expect(query(`select ${at} as n`)).toEqual([[["n", `${at}`]]]);
    expect(wasm.table.length).toBe(before);
  });

  it("keeps the databases of two instances of one module apart", async () => {
    const module = await compile(moduleUrl("sql.js-debug"));
    const [left, right] = [await openDatabase(module), await openDatabase(module)];
    left.run("create table t(x); insert into t values ('left')");
    right.run("create table t(x); insert into t values ('right'), ('more')");
    expect(left.query("select x from t")).toEqual([[["x", "left"]]]);
    left.wasm.dispose();
    expect(right.query("select x from t")).toEqual([[["x", "right"]], [["x", "more"]]]);
  });
});

/** A database in memory. SQLite then asks the system only for the time and for random numbers, and takes zeros for them. */
async function openDatabase(module?: Awaited<ReturnType<typeof compile>>) {
  const source = module ?? (await compile(moduleUrl("sql.js-debug")));
  const wasm: Instance<Sqlite> = await source.instantiate<Sqlite>({ missing: "zero" });
  wasm.guarded.emscripten_stack_init();
  const database = wasm.memory.arena((arena) => {
    const result = arena.alloc(4);
    expect(wasm.guarded.sqlite3_open(arena.string(":memory:", { layout: "nul" }).address, result)).toBe(0);
    return wasm.memory.u32[result / 4] ?? 0;
  });

  function check(code: number): void {
    if (code !== 0) throw new Error(wasm.memory.readString(wasm.guarded.sqlite3_errmsg(database)));
  }

  function exec(sql: string, callback: number): void {
    wasm.memory.arena((arena) => {
      check(wasm.guarded.sqlite3_exec(database, arena.string(sql, { layout: "nul" }).address, callback, 0, 0));
    });
  }

  /** SQLite passes each row as an array of texts and an array of names. */
  function query(sql: string) {
    const rows: [string, string | null][][] = [];
    const text = (array: number, at: number) => wasm.memory.u32[array / 4 + at] ?? 0;
    const callback = wasm.callback("iiii->i", (_context, count, values, names) => {
      rows.push(
        Array.from({ length: count }, (_, at) => {
          const value = text(values, at);
          return [wasm.memory.readString(text(names, at)), value === 0 ? null : wasm.memory.readString(value)];
        }),
      );
      return 0;
    });
    try {
      exec(sql, callback);
      return rows;
    } finally {
      wasm.freeCallback(callback);
    }
  }

  return { wasm, database, query, run: (sql: string) => exec(sql, 0) };
}
