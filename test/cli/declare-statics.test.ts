import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { load } from "../../src/node.ts";
import { bindgen, heap } from "../bind/bindgen.ts";
import { temporaryFolder } from "./terminal.ts";

const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare app" };

/** Declares a class `Params` with these members, whose exports return the number in their name. */
async function declare(members: string, dts: string, functions = "") {
  const folder = temporaryFolder();
  const exports = [...`${members}${functions}`.matchAll(/wasm\.(\w+?(\d*))\((this\.ptr)?(, x)?\)/g)];
  const bytes = await bindgen(
    exports
      .map(
        ([, name = "", value = "", self, x]) =>
          `(func (export "${name}") ${self ? "(param i32)" : ""} ${x ? "(param i32)" : "(result i32)"} ${x ? "" : `(i32.const ${value})`})`,
      )
      .join("\n"),
    { ...heap, version: 87 },
    `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`,
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
  writeFileSync(join(folder, "app_bg.wasm"), bytes);
  if (dts !== "") writeFileSync(join(folder, "app.d.ts"), `/* tslint:disable */\nexport class Params {\n${dts}\n}`);
  writeFileSync(
    join(folder, "app.js"),
    `let wasm;
const imports = { wbg: { __wbindgen_throw: () => {} } };
export class Params {
  static __wrap(ptr) { const obj = Object.create(Params.prototype); obj.ptr = ptr; return obj; }
${members}
}
${functions}
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`,
  );
  const inputs = await findInputs(join(folder, "app_bg.wasm"), {});
  const { declared, dts: types, file } = await writeDeclaration(inputs, { ...options, folder });
  const { api } = await load(bytes, file as never);
  const found = api as unknown as {
    readonly Params: Readonly<Record<string, unknown>> & { prototype: object };
    make(): Record<string, unknown>;
  };
  const lists = Object.fromEntries(
    (["holes", "notes"] as const).map((list) => [
      list,
      declared[list]
        .filter(({ member }) => member.startsWith("Params"))
        .map(({ member, reason }) => `${member}: ${reason}`),
    ]),
  );
  return { api: found, types, ...lists } as { api: typeof found; types: string } & Record<"holes" | "notes", string[]>;
}

const getters = `get size() { const ret = wasm.__wbg_get_params_size1(this.ptr); return ret >>> 0; }
static get size() { const ret = wasm.params_size2(); return ret >>> 0; }`;
const make = "export function make() { const ret = wasm.make64(); return Params.__wrap(ret); }";

describe("members of one name", () => {
  it("are the static one if the package has that alone, and a note if nothing makes objects", async () => {
    const { api, holes, notes, types } = await declare(getters, "static readonly size: number;");
    expect(api.Params["size"]).toBe(2);
    expect(holes).toEqual([]);
    expect(notes).toEqual([
      "Params.size: a class declares one member of a name, and this is the static one; that of its objects is left out, since the " +
        "module makes no objects of the class",
    ]);
    expect(types.match(/size: number/g)).toHaveLength(1);
  });

  it("are a hole if objects of the class have the one that is left out", async () => {
    const { api, holes, notes } = await declare(getters, "static readonly size: number;", make);
    expect([api.Params["size"], holes.length, notes]).toEqual([2, 1, []]);
    expect(api.make()).not.toHaveProperty("size");
  });

  it("are the objects' one if the package has that, both or none", async () => {
    for (const dts of ["readonly size: number;", "readonly size: number;\n static readonly size: number;", ""]) {
      const { api, holes } = await declare(getters, dts, make);
      expect([dts, api.make()["size"], api.Params["size"]]).toEqual([dts, 1, undefined]);
      expect(holes).toEqual([expect.stringContaining("the static one is left out") as unknown]);
    }
  });

  it("may be methods, setters, and one of each", async () => {
    const members = `run() { const ret = wasm.params_run3(this.ptr); return ret >>> 0; }
static run() { const ret = wasm.params_run4(); return ret >>> 0; }
set level(x) { wasm.__wbg_set_params_level(this.ptr, x); }
get level() { const ret = wasm.__wbg_get_params_level5(this.ptr); return ret >>> 0; }
static level() { const ret = wasm.params_level6(); return ret >>> 0; }`;
    const { api, holes } = await declare(members, "static run(): number;\n static level(): number;", make);
    const { run, level } = api.Params as Record<string, () => number>;
    expect([run?.(), level?.()]).toEqual([4, 6]);
    expect(holes.map((one) => one.split(":")[0])).toEqual(["Params.run", "Params.level"]);
    const other = await declare(members, "run(): number;\n level: number;", make);
    const object = other.api.make() as { run(): number; level: number };
    expect([object.run(), object.level, Object.keys(other.api.Params)]).toEqual([3, 5, []]);
    expect(other.holes.map((one) => one.split(":")[0])).toEqual(["Params.run", "Params.level"]);
  });
});
