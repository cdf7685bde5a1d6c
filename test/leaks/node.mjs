/* global gc, setTimeout -- started with --expose-gc */
// The rounds in a process of their own: prints the slope of each kind in bytes per round.
import * as library from "../../dist/node.js";
import process from "node:process";
import { prepare, slope } from "./rounds.mjs";

const [, , base64, plan] = process.argv;

const settle = async () => {
  // Finalizers run in a task of their own, and what they let go is collected after it.
  for (let turn = 0; turn < 3; turn += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const rounds = await prepare(library, base64);
const slopes = {};
for (const [kind, { blocks, warmUps, count }] of Object.entries(JSON.parse(plan))) {
  const points = [];
  for (let block = 0; block < blocks + warmUps; block += 1) {
    await rounds[kind](count);
    const used = await settle();
    if (block >= warmUps) points.push([block * count, used]);
  }
  slopes[kind] = slope(points);
}
console.log(JSON.stringify(slopes));
