import { declarationOf } from "./declarations.ts";
import { glueAnswers, glueGrowth } from "./glue.ts";
import { answers, inputBytes, inputNames, installed, listModules, moduleBytes } from "./index.mjs";

/** A response of the test server. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/**
 * Serves modules of other packages, real input for them, and what each package's own JavaScript returns for it:
 * `/packages/installed.json`, `/packages/index.json`, `/packages/<name>.wasm`, `/packages/<name>/expected.json`,
 * `/packages/<name>/growth.json`, `/packages/<name>/declaration.json` and `/packages/files/<file>`.
 *
 * @param url - The request's address.
 * @returns The reply; `undefined` for an address that is not under `/packages/`.
 */
export async function packageRoute(url: URL): Promise<Reply | undefined> {
  const [, route, ...rest] = decodeURIComponent(url.pathname).split("/");
  if (route !== "packages") return undefined;
  const path = rest.join("/");
  if (path === "installed.json") return json(installed);
  if (path === "index.json") return json(await listModules());
  if (rest[0] === "files" && inputNames.includes(rest[1] ?? "")) {
    return reply("application/octet-stream", await inputBytes(rest[1] ?? ""));
  }
  const expected = rest[1] === "expected.json" ? (answers(rest[0] ?? "") ?? glueAnswers(rest[0] ?? "")) : undefined;
  if (expected) return json(await expected);
  const growth = rest[1] === "growth.json" ? glueGrowth(rest[0] ?? "") : undefined;
  if (growth) return json(await growth);
  if (rest[1] === "declaration.json") return json(await declarationOf(rest[0] ?? ""));
  const name = /^(.+)\.wasm$/.exec(path)?.[1];
  if (!name) return { status: 404, headers: {}, body: `Nothing at ${url.pathname}` };
  return reply("application/wasm", await moduleBytes(name));
}

function json(value: unknown): Reply {
  return reply("application/json", JSON.stringify(value));
}

/**
 * Makes a reply that succeeds.
 *
 * @param type - Its media type.
 * @param body - Its body.
 */
export function reply(type: string, body: Uint8Array | string): Reply {
  return { status: 200, headers: { "content-type": type }, body };
}
