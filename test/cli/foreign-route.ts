import { readFile } from "node:fs/promises";
import { type Reply, reply } from "../packages/route.ts";
import { bundleForeign, foreignBuilds, foreignModulePath } from "./foreign.ts";

/**
 * Serves the builds of the crate that imports JavaScript: `/foreign/builds.json`, `/foreign/<build>.wasm`, and its bundled
 * declaration file, `/foreign/<build>.js`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address of something else.
 */
export async function foreignRoute({ pathname }: URL): Promise<Reply | undefined> {
  const [, name = "", end] = /^\/foreign\/(.+)\.(json|wasm|js)$/.exec(pathname) ?? [];
  if (name === "builds" && end === "json") return reply("application/json", JSON.stringify(foreignBuilds));
  if (!foreignBuilds.includes(name)) return undefined;
  return end === "wasm"
    ? reply("application/wasm", await readFile(foreignModulePath(name)))
    : reply("text/javascript", await bundleForeign(name));
}
