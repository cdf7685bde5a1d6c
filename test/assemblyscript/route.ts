import { readFile } from "node:fs/promises";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { type Reply, reply } from "../packages/route.ts";

const options = { withDocs: false, withShape: true, version: "0.0.0", command: "unglue declare", folder: "." };

/**
 * Serves the bindings of a fixture, and the declaration file that `unglue declare` writes from them:
 * `/assemblyscript/<name>/bindings.js` and `/assemblyscript/<name>/declaration.json`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address of something else.
 */
export async function assemblyscriptRoute({ pathname }: URL): Promise<Reply | undefined> {
  const [, name, what] = /^\/assemblyscript\/(\w+)\/(declaration\.json|bindings\.js)$/.exec(pathname) ?? [];
  if (name === undefined) return undefined;
  const path = `test/fixtures/assemblyscript/${name}`;
  if (what === "bindings.js") return reply("text/javascript", await readFile(`${path}.bindings.js`));
  const { file } = await writeDeclaration(await findInputs(`${path}.wasm`, {}), options);
  return reply("application/json", JSON.stringify(file));
}
