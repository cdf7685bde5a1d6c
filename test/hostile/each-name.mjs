// Run as a program: sets names on `Object.prototype`, some at a time, and prints those that change what the job reports. The
// argument is a file of JSON: the entry points' file, the modules, the names, and how each is set.
import { readFileSync, writeSync } from "node:fs";
import { reportOf } from "./job.mjs";

const { entryPoints, modules, names, value, enumerable } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const values = { function: () => "polluted", text: "polluted", number: 7, object: {} };
const api = await import(entryPoints);
const sources = Object.fromEntries(
  Object.entries(modules).map(([name, text]) => [name, Uint8Array.from(Buffer.from(text, "base64"))]),
);
const { defineProperty, create } = Object;
const { deleteProperty } = Reflect;
const { stringify } = JSON;

async function reportUnder(some) {
  for (const name of some) {
    const descriptor = create(null);
    descriptor.value = values[value];
    descriptor.enumerable = enumerable;
    descriptor.writable = true;
    descriptor.configurable = true;
    defineProperty(Object.prototype, name, descriptor);
  }
  let report;
  try {
    report = await reportOf(api, sources);
  } catch (error) {
    report = error;
  }
  for (const name of some) deleteProperty(Object.prototype, name);
  return stringify(report);
}

const clean = await reportUnder([]);
const changing = [];

async function search(some) {
  writeSync(1, `${stringify({ trying: some })}\n`);
  const report = await reportUnder(some);
  if (report === clean) return;
  if (some.length === 1) {
    const [a, b] = [JSON.parse(clean), JSON.parse(report)];
    const parts = Object.keys(a).filter((part) => stringify(a[part]) !== stringify(b?.[part]));
    changing.push([some[0], parts, parts.slice(0, 1).map((part) => stringify(b?.[part])?.slice(0, 300))]);
    return;
  }
  const half = Math.ceil(some.length / 2);
  await search(some.slice(0, half));
  await search(some.slice(half));
}

// More at a time take less time where nothing is found, and more where something is.
const most = 64;
for (let at = 0; at < names.length; at += most) await search(names.slice(at, at + most));
writeSync(1, `${stringify({ changing, clean: JSON.parse(clean) })}\n`);
process.exit(0);
