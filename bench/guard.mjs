// `npm run bench:guard`: whether the library costs about what the saved figures say. It runs the short groups in Node, with few
// rounds, and compares ratios alone: no time is a limit. It ends with 1 if a contender is far above its saved ratio.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { inNode } from "./in-node.mjs";
import { guardLimit, majorOf, readResults } from "./results.mjs";

const built = new URL("../dist/node.js", import.meta.url);
if (!existsSync(built)) throw new Error(`${fileURLToPath(built)} is missing: build it with \`npm run build\`.`);
const guarded = ["bytes", "calls", "instances", "callbacks", "strings", "api"];
const rounds = 12;

const { races } = readResults();
const nodes = races.filter(({ runtime }) => runtime.startsWith("Node"));
const saved =
  nodes.find(({ runtime }) => majorOf(runtime) === `Node ${process.versions.node.split(".")[0]}`) ?? nodes[0];
const savedRatio = (title, name) =>
  saved.rows.find((row) => row.title === title)?.results.find((one) => one.name === name)?.ratio?.median;

const worker = new Worker(new URL("server.mjs", import.meta.url));
const server = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
const failures = [];
let compared = 0;
try {
  for (const group of guarded) {
    for (const { title, results } of await inNode(group, server, rounds)) {
      for (const { name, ratio } of results.slice(1)) {
        const before = savedRatio(title, name);
        if (before === undefined) {
          failures.push(`${title}, ${name}: no figure is saved. Run \`npm run bench -- ${group} --save\`.`);
          continue;
        }
        compared += 1;
        // Three quarters of the rounds are above the lower quartile: other work on the machine does not do that to one contender.
        const limit = guardLimit(before);
        if (ratio.low > limit)
          failures.push(
            `${title}, ${name}: ${ratio.low.toFixed(2)} ×, and at the most ${limit.toFixed(2)} × is allowed.`,
          );
      }
    }
  }
} finally {
  await worker.terminate();
}
for (const failure of failures) console.log(failure);
console.log(`${compared} ratios compared with those of ${saved.runtime}: ${failures.length} too high or not saved.`);
process.exitCode = failures.length > 0 ? 1 : 0;
