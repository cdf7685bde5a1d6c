/** The answers of `sql.js` itself to queries over a real text. */
import { Buffer } from "node:buffer";
import { inputBytes, requirePackage } from "../modules.mjs";

const queries = [
  "select count(*) as lines, sum(length(line)) as characters, max(length(line)) as longest from text",
  "select substr(line, 1, 1) as first, count(*) as times from text where line <> '' group by first order by times desc, first",
  "select row, upper(line) as heading from text where line like '#%' order by row desc limit 10",
  "select 'Příliš žluťoučký kůň 🐎' as wide, null as absent, '' as empty",
  "select line from text where line is null",
];

/**
 * A script that fills a table, queries, their rows as text, and the changes that the update hook saw.
 *
 * @returns {Promise<object>} The answers.
 */
export async function sqliteAnswers() {
  const SQL = await requirePackage("sql.js")();
  const lines = Buffer.from(await inputBytes("README.md"))
    .toString()
    .split("\n");
  const inserts = lines.map((line) => `insert into text(line) values('${line.replaceAll("'", "''")}');`);
  const script = ["create table text(row integer primary key, line text);", ...inserts].join("\n");
  const changes = "update text set line = line || '!' where row in (3, 5); delete from text where row = 5;";
  const db = new SQL.Database();
  db.run(script);
  const results = queries.map((query) => {
    const [{ columns, values } = { columns: [], values: [] }] = db.exec(query);
    return values.map((row) => columns.map((name, at) => [name, row[at] === null ? null : String(row[at])]));
  });
  const hooked = [];
  db.updateHook((operation, database, table, row) => hooked.push([operation, database, table, String(row)]));
  db.run(changes);
  db.close();
  return { script, queries, results, changes, hooked };
}
