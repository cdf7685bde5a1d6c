// A thread that serves the benchmarks: a client that shares its thread with the server would measure both.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { emptyPage, scriptAt, serve } from "../test/servers/serve.mjs";
import { gluePath } from "./glue.mjs";
import { benchModule, unseen } from "./modules.mjs";

const { url } = await serve(reply, {
  // A page that is alone in its process has finer clocks.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
});
parentPort.postMessage(url);

async function reply({ pathname, searchParams }) {
  if (pathname === "/") return ["text/html", emptyPage];
  const script = scriptAt(pathname, ["dist", "bench"]);
  if (script) return script;
  if (pathname === gluePath) return ["text/javascript", await readFile(new URL(`..${gluePath}`, import.meta.url))];
  const [, name] = /^\/modules\/(.+)\.wasm$/.exec(decodeURIComponent(pathname)) ?? [];
  const bytes = await benchModule(name);
  const serial = searchParams.get("serial");
  return [searchParams.get("type") ?? "application/wasm", ...(serial ? unseen(bytes, Number(serial)) : [bytes])];
}
