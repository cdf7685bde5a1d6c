// Answers for the Node that runs it: a list of modules comes in as JSON, [base64, names of custom sections] each, and a
// list of what the engine says goes out.
import { readFileSync, writeFileSync } from "node:fs";
import { engineFacts } from "./engine.mjs";

const [questions, answers] = process.argv.slice(2);
const { version, versions } = process;
const facts = JSON.parse(readFileSync(questions, "utf8")).map(([base64, names]) =>
  engineFacts(new Uint8Array(Buffer.from(base64, "base64")), names),
);
writeFileSync(answers, JSON.stringify({ name: `Node ${version.slice(1)}`, v8: versions.v8, facts }));
