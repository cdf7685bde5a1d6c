import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { declareCommand } from "../../src/cli/declare.ts";
import { add, glue, madeBy, packageOf, throwing } from "./small-package.ts";
import { terminal } from "./terminal.ts";

const generated = glue.replace(
  /^export function add.*$/m,
  `function addClient(a, b) { const ret = wasm.addClient(a, b); return ret >>> 0; }
function addServer(a, b) { const ret = wasm.addServer(a, b); return ret >>> 0; }`,
);
const dts = `/* tslint:disable */
type Count = number;
declare function addClient(left: Count, right: Count): Count;
declare function addServer(left: Count, right: Count): Count;
declare namespace client { export { addClient as add }; }
declare namespace server { export { addServer as add }; }
export { client, server };`;

/** Declares a module with two functions from a package of these texts. */
async function declare(texts: Readonly<Record<string, string>>) {
  const exports = ["addClient", "addServer"].map((name) => add.replace(`"add"`, `"${name}"`)).join("\n");
  const folder = packageOf({ "app_bg.wasm": await madeBy(100, throwing + exports), ...texts });
  const output = join(folder, "out/app.mjs");
  mkdirSync(dirname(output));
  const written = terminal();
  const options = { output, json: true };
  const code = await declareCommand(join(folder, "app_bg.wasm"), options, "1", written);
  const { holes, notes } = JSON.parse(written.written()) as Record<"holes" | "notes", { readonly member: string }[]>;
  return { code, holes, notes, types: readFileSync(join(folder, "out/app.d.mts"), "utf8") };
}

describe("types whose functions are members of exported namespaces", () => {
  const types = ["addClient", "addServer"].map((name) => `${name}(left: number, right: number): number`);

  it("are used for the functions of the JavaScript", async () => {
    const text = `${generated}
      const client = Object.freeze({ __proto__: null, add: addClient });
      const server = Object.freeze({ __proto__: null, add: addServer });
      export { client, server };`;
    const { code, holes, notes, types: found } = await declare({ "app.js": text, "app.d.ts": dts });
    expect([code, holes]).toEqual([0, []]);
    expect(notes.filter(({ member }) => member.endsWith(".d.ts"))).toEqual([]);
    for (const one of types) expect(found.replaceAll("Count", "number")).toContain(one);
  });

  it("are used for the exports without the JavaScript", async () => {
    const { types: found } = await declare({ "app.d.ts": dts });
    for (const one of types) expect(found.replaceAll("Count", "number")).toContain(one);
  });
});

describe("a function whose name something else has", () => {
  it("is left out with a reason", async () => {
    const text = `${generated} globalThis.keep(addClient); export { addServer as addClient };`;
    const { code, holes } = await declare({ "app.js": text });
    expect([code, holes.map(({ member }) => member)]).toEqual([1, ["addClient"]]);
  });
});
