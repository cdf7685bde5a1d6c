/** What `prqlc` itself makes of queries, and what it throws. */
import { requirePackage } from "./modules.mjs";

const queries = [
  "from employees\nfilter age > 30\nselect {name, age}",
  'from é\nfilter name == "日本 🚀"',
  "from invoices\ngroup billing_city (aggregate {total = sum total, n = count this})\nsort {-total}\ntake 10",
  "from tracks\njoin albums (==album_id)\nderive {minutes = tracks.milliseconds / 60000}\nselect {tracks.name, albums.title, minutes}",
  'let recent = (from orders | filter placed > @2024-01-01)\n\nfrom recent\nselect {id, note = f"{id}: {placed}"}',
  "prql target:sql.mssql\n\nfrom a\ntake 5..9",
];

const badQueries = ["", "select", "from x | foo", "from a\nfilter (b ==", "from a\nderive é = 日本.foo.bar 🚀"];

/**
 * SQL of good queries, every intermediate form of them, and the errors of bad ones.
 *
 * @returns {Promise<object>} Plain data.
 */
export async function prqlcAnswers() {
  const prqlc = requirePackage("prqlc");
  return {
    targets: prqlc.get_targets(),
    good: queries.map((query) => {
      const pl = prqlc.prql_to_pl(query);
      const rq = prqlc.pl_to_rq(pl);
      return {
        query,
        sql: prqlc.compile(query),
        pl,
        rq,
        prql: prqlc.pl_to_prql(pl),
        sqlOfRq: prqlc.rq_to_sql(rq),
        unsigned: compileFor(prqlc, query, "sql.postgres"),
      };
    }),
    bad: badQueries.map((query) => ({ query, thrown: thrownBy(() => prqlc.compile(query)) })),
    badJson: ["", "{}", '{"a":'].map((json) => ({ json, thrown: thrownBy(() => prqlc.rq_to_sql(json)) })),
  };
}

function compileFor(prqlc, query, target) {
  const options = new prqlc.CompileOptions();
  options.target = target;
  options.signature_comment = false;
  return prqlc.compile(query, options);
}

function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("The package accepted what it should refuse.");
}
