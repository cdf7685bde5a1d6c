import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** How SQL is written. The call that takes it frees it. */
export interface Options {
  target: string;
  format: boolean;
  signature_comment: boolean;
  free(): void;
}

/** The exports of prqlc. */
export interface Prqlc {
  readonly CompileOptions: new () => Options;
  compile(query: string, options?: Options | null): string | undefined;
  prql_to_pl(query: string): string | undefined;
  pl_to_prql(pl: string): string | undefined;
  pl_to_rq(pl: string): string | undefined;
  rq_to_sql(rq: string): string | undefined;
  get_targets(): unknown[];
}

const queries = [
  "from employees\nfilter age > 30\nselect {name, age}",
  'from é\nfilter name == "日本 🚀"',
  "from invoices\ngroup billing_city (aggregate {total = sum total, n = count this})\nsort {-total}\ntake 10",
  "from tracks\njoin albums (==album_id)\nderive {minutes = tracks.milliseconds / 60000}\nselect {tracks.name, albums.title, minutes}",
  'let recent = (from orders | filter placed > @2024-01-01)\n\nfrom recent\nselect {id, note = f"{id}: {placed}"}',
  "prql target:sql.mssql\n\nfrom a\ntake 5..9",
];
const badQueries = ["", "select", "from x | foo", "from a\nfilter (b ==", "from a\nderive é = 日本.foo.bar 🚀"];

/** The scenario of prqlc. */
export const prqlcScenario: Scenario<Prqlc, undefined> = {
  "compiles queries to SQL": ({ compile }) => queries.map((query) => compile(query)),

  "goes through every intermediate form": ({ prql_to_pl, pl_to_prql, pl_to_rq, rq_to_sql }) =>
    queries.map((query) => {
      const pl = prql_to_pl(query) ?? "";
      const rq = pl_to_rq(pl) ?? "";
      return [pl, pl_to_prql(pl), rq, rq_to_sql(rq)];
    }),

  "takes options, an object of the module": ({ CompileOptions, compile }) =>
    queries.map((query) => {
      const options = new CompileOptions();
      const before = [options.target, options.format, options.signature_comment];
      options.target = "sql.postgres";
      options.signature_comment = false;
      options.format = query.includes("join");
      return [before, options.target, options.format, options.signature_comment, compile(query, options)];
    }),

  "throws for options that it does not know": ({ CompileOptions, compile }) => {
    const options = new CompileOptions();
    options.target = "sql.日本";
    return outcome(() => compile("from a", options));
  },

  "throws for bad queries": ({ compile, prql_to_pl, rq_to_sql, pl_to_rq }) => [
    ...badQueries.map((query) => outcome(() => compile(query))),
    ...badQueries.map((query) => outcome(() => prql_to_pl(query))),
    ...["", "{}", '{"a":'].map((json) => [outcome(() => rq_to_sql(json)), outcome(() => pl_to_rq(json))]),
  ],

  "lists its targets": ({ get_targets }) => get_targets(),
};

/** Objects that a call consumes, and calls that throw. */
export const prqlcRounds: Rounds<Prqlc, undefined> = {
  start:
    ({ CompileOptions, compile, get_targets }) =>
    () => {
      const options = new CompileOptions();
      options.target = "sql.sqlite";
      compile("from é", options);
      get_targets();
      outcome(() => compile("from"));
    },
};
