// `node --expose-gc group.mjs NAME SERVER [ROUNDS]`: runs a group in a process of its own, as Chromium has a page for each, so that
// none meets what another has optimised. It prints the results as JSON.
import { runGroup } from "./benchmarks.mjs";

const [, , name, server, rounds = "Infinity"] = process.argv;
const library = await import(new URL("../dist/node.js", import.meta.url).href);
console.log(JSON.stringify(await runGroup(name, library, server, "node", Number(rounds))));
// The pools and the server's connections would keep it running.
process.exit();
