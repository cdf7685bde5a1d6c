import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";

const built = "test/fixtures/realm/built";
const glues = readdirSync(built).filter((name) => name.endsWith(".js"));

describe.each(glues)("the generated JavaScript %s", (name) => {
  const shape = inspect(readFileSync(`${built}/${name.replace(/js$/, "wasm")}`));
  const glue = readGlue(readFileSync(`${built}/${name}`, "utf8"), name, { shape });

  it("has classes whose members are all read", () => {
    expect([...glue.classes.keys()].sort()).toEqual(["GenerationConfig", "HostedRealm", "Realm"]);
    const config = glue.classes.get("GenerationConfig");
    expect(config?.free).toBe("__wbg_generationconfig_free");
    expect(config?.construct).toMatchObject({ export: "generationconfig_new", params: [], throws: false });
    const isOld = name.startsWith("0.2.80");
    expect(config?.getters.get("seed")).toMatchObject({
      result: isOld ? { kind: "int64-halves", isUnsigned: true } : { kind: "plain", isUnsigned: true },
    });
    const realm = glue.classes.get("Realm");
    const member = (method: string) => realm?.methods.get(method);
    const lent = { kind: "function", self: "lent", throws: true };
    expect(member("generate")).toEqual({
      ...lent,
      export: "realm_generate",
      params: [{ name: "prompt", type: { kind: "string" } }],
      result: { kind: "string" },
    });
    expect(member("generateInPieces")).toMatchObject({ self: "moved", throws: false });
    expect(member("setConfig")).toMatchObject({
      params: [{ name: "config", type: { kind: "object", class: "GenerationConfig", isMoved: true } }],
      throws: true,
      result: { kind: "void" },
    });
    expect(member("fork")).toMatchObject({ result: { kind: "object", class: "Realm" }, throws: false });
    expect(member("isLoaded")).toMatchObject({ result: { kind: "bool" } });
    expect(realm?.statics.get("fromModel")).toMatchObject({
      params: [{ name: "bytes", type: { kind: "array", element: "u8", isMutable: false } }],
      throws: true,
      result: { kind: "object", class: "Realm" },
    });
  });
});
