import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { answersOf, moduleUrl } from "../served.ts";

interface Answers {
  script: string;
  queries: string[];
  results: [name: string, value: string | null][][][];
  changes: string;
  hooked: [operation: string, database: string, table: string, row: string][];
}

const row = 100;
const done = 101;
const operations = new Map([
  [9, "delete"],
  [18, "insert"],
  [23, "update"],
]);

/** Of SQLite's functions those that queries need, as its header has them. */
const api = t.api({
  initializeStack: t.fn([], t.void, { export: "emscripten_stack_init" }),
  Database: t.class(
    {
      open: t.static([t.cstring, t.out(t.optional(t.owned("Database")))], t.i32),
      exec: t.method([t.cstring, t.optional(t.closure([], t.void)), t.size, t.out(t.optional(t.cstring))], t.i32, {
        owned: true,
        free: "sqlite3_free",
      }),
      prepare: t.method([t.cstring, t.i32, t.out(t.optional(t.owned("Statement"))), t.out(t.cstring)], t.i32, {
        export: "sqlite3_prepare_v2",
        // It points into the text of the statement.
        owned: false,
      }),
      updateHook: t.method(
        [t.optional(t.closure([t.size, t.i32, t.cstring, t.cstring, t.i64], t.void)), t.size],
        t.size,
      ),
      errmsg: t.method([], t.cstring),
    },
    { prefix: "sqlite3_", free: "sqlite3_close_v2" },
  ),
  Statement: t.class(
    {
      step: t.method([], t.i32),
      columnCount: t.method([], t.i32),
      columnName: t.method([t.i32], t.cstring),
      columnText: t.method([t.i32], t.optional(t.cstring)),
      bindInt: t.method([t.i32, t.i32], t.i32),
    },
    { prefix: "sqlite3_", free: "sqlite3_finalize" },
  ),
});

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf<Answers>("sql.js");
});

describe("SQLite, from the module of sql.js with its names, declared", () => {
  it("answers every query as sql.js does, and keeps nothing", async () => {
    const { database, ledger } = await open();
    expect(database.exec(answers.script, null, 0)).toEqual([0, undefined]);
    const results = answers.queries.map((query) => {
      const [status, statement, tail] = database.prepare(`${query};left over`, -1);
      expect([status, tail]).toEqual([0, "left over"]);
      if (!statement) throw new Error(database.errmsg());
      const rows: unknown[] = [];
      let step = statement.step();
      for (; step === row; step = statement.step()) {
        const columns = Array.from({ length: statement.columnCount() }, (_, at) => at);
        rows.push(columns.map((at) => [statement.columnName(at), statement.columnText(at) ?? null]));
      }
      expect(step).toBe(done);
      statement.free();
      return rows;
    });
    expect(results).toEqual(answers.results);
    database.free();
    ledger.expectNoLeaks();
  });

  it("calls a function back for each change as sql.js does, and no longer once it is taken away", async () => {
    const { database } = await open();
    database.exec(answers.script, undefined, 0);
    const hooked: unknown[] = [];
    database.updateHook((_, operation, name, table, id) => {
      hooked.push([operations.get(operation), name, table, `${id}`]);
    }, 0);
    database.exec(answers.changes, undefined, 0);
    expect(hooked).toEqual(answers.hooked);
    database.updateHook(null, 0);
    database.exec("delete from text", undefined, 0);
    expect(hooked).toHaveLength(answers.hooked.length);
  });

  it("tells errors in its words, a text that its own function frees", async () => {
    const { database, ledger } = await open();
    for (let turn = 0; turn < 100; turn++) {
      expect(database.exec("select * from nowhere", null, 0)).toEqual([1, "no such table: nowhere"]);
    }
    const [status, statement] = database.prepare("selct 1", -1);
    expect([status, statement]).toEqual([1, undefined]);
    expect(database.errmsg()).toContain('near "selct": syntax error');
    database.free();
    ledger.expectNoLeaks();
  });
});

/** A database in memory. SQLite then asks the system only for the time and for random numbers, and takes zeros for them. */
async function open() {
  const ledger = createLedger();
  const wasm = await load(moduleUrl("sql.js-debug"), { api, ledger, missing: "zero" });
  wasm.api.initializeStack();
  const [status, database] = wasm.api.Database.open(":memory:");
  expect(status).toBe(0);
  if (!database) throw new Error("no database");
  return { database, ledger };
}
