import type { Rounds } from "../rounds.ts";
import { settled, type Scenario } from "../scenario.ts";

/** A database. */
export interface Database {
  query(sql: string): Promise<unknown>;
  free(): void;
}

/** The exports of gluesql. */
export interface GlueSql {
  readonly Glue: new () => Database;
}

const filling = [
  "CREATE TABLE city (id INTEGER, name TEXT, area FLOAT NULL, founded DATE NULL);",
  "INSERT INTO city VALUES (1, 'Köln', 405.02, '0050-01-01'), (2, '東京 🚀', 2194.07, NULL), (3, '', NULL, '1999-12-31');",
];

/** The scenario of gluesql. */
export const gluesqlScenario: Scenario<GlueSql, undefined> = {
  "answers queries by promises": async ({ Glue }) => {
    const database = new Glue();
    const results: unknown[] = [];
    for (const sql of [
      ...filling,
      "SELECT * FROM city WHERE id > 1 ORDER BY id DESC; SELECT COUNT(*) AS n, SUM(area) AS total FROM city",
      "UPDATE city SET area = 1.5 WHERE name = ''",
      "SELECT UPPER(name) AS big, area * 2 AS twice FROM city",
      "DELETE FROM city WHERE id = 1",
      "SHOW TABLES",
      "",
    ]) {
      const promise = database.query(sql);
      results.push([sql, promise instanceof Promise, await settled(promise)]);
    }
    database.free();
    return results;
  },

  "rejects what it cannot answer, and goes on": async ({ Glue }) => {
    const database = new Glue();
    const results: unknown[] = [];
    for (const sql of ["SELECT * FROM nowhere", "SELEC 日本", "SELECT 1 / 0", "INSERT INTO a VALUES (1)", ...filling]) {
      results.push(await settled(database.query(sql)));
    }
    results.push(await settled(database.query("INSERT INTO city VALUES ('x', 5, 'y', 'z')")));
    results.push(await settled(database.query("SELECT name FROM city")));
    return results;
  },

  "answers in order when much is asked at once": async ({ Glue }) => {
    const [one, two] = [new Glue(), new Glue()];
    for (const database of [one, two]) for (const sql of filling) await database.query(sql);
    const order: number[] = [];
    const asked = Array.from({ length: 40 }, async (_, at) => {
      const database = at % 2 ? one : two;
      const found = await settled(database.query(at % 5 ? `SELECT id + ${at} AS n FROM city` : "SELECT * FROM x"));
      order.push(at);
      return found;
    });
    const answers = await Promise.all(asked);
    return [answers, order];
  },
};

/** Promises, some of which reject. */
export const gluesqlRounds: Rounds<GlueSql, undefined> = {
  start: ({ Glue }) => {
    const database = new Glue();
    return async () => {
      await database.query("SELECT 1 AS one; SHOW TABLES");
      await settled(database.query("SELECT * FROM nowhere"));
    };
  },
};
