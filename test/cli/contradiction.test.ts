import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contradiction } from "../../src/cli/declare/contradiction.ts";
import { readDts } from "../../src/cli/declare/dts.ts";
import type { ValueType } from "../../src/node.ts";
import type { GlueType } from "../../src/cli/declare/glue/model.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { ContradictionError } from "../../src/cli/declare/merging.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { temporaryFolder } from "./terminal.ts";

const text: GlueType = { kind: "string" };
const number: GlueType = { kind: "plain" };
const bytes: GlueType = { kind: "array", element: "u8" } as GlueType;
const optional = (item: GlueType): GlueType => ({ kind: "optional", item });
const object: GlueType = { kind: "object", class: "App", isMoved: true };

/** How a type contradicts what is passed, with an alias, a class, an enumeration and an interface in scope. */
function found(type: string, glue: GlueType, isGiven: boolean, words?: readonly ValueType[]) {
  const { functions, types } = readDts(
    `type Name = string; type Loop = Loop; interface Options { a: number } export function f(): ${type};`,
    "app.d.ts",
  );
  return contradiction(
    { glue, stated: functions[0]?.result, isGiven, words },
    {
      aliases: new Map(types.flatMap(({ name, type: of }) => (of ? [[name, of] as const] : []))),
      classes: new Set(["App", "Other"]),
      enums: new Map([["Kind", { type: "enumeration", values: [0, 1], complete: true }]]),
    },
  );
}

describe("a type of the package", () => {
  it.each<[type: string, glue: GlueType, isGiven?: boolean]>([
    ["string", text],
    ["Name", text],
    ['"a" | "b"', text],
    ["any", text],
    ["Options", text],
    ["Elsewhere", bytes],
    ["Loop", text],
    ["never", text],
    ["Name | Uint8Array", text],
    ["number", number],
    ["bigint", number],
    ["Kind", number],
    ["boolean", number, true],
    ["Uint8Array", bytes],
    ["Uint8Array<ArrayBuffer>", bytes],
    ["Uint8ClampedArray", bytes],
    ["number[]", bytes, true],
    ["Int8Array", bytes],
    ["string | undefined", optional(text)],
    ["string", optional(text), true],
    ["App", object],
    ["Promise<App>", { kind: "js", isLent: false }],
  ])("%s agrees with what is passed", (type, glue, isGiven = false) => {
    expect(found(type, glue, isGiven)).toBeUndefined();
  });

  it.each<[type: string, glue: GlueType, passed: string]>([
    ["Promise<string>", text, "a text"],
    ["string[]", text, "a text"],
    ["Uint8Array", text, "a text"],
    ["5", text, "a text"],
    ["number | undefined", optional(text), "a text or nothing"],
    ["Kind", text, "a text"],
    ["boolean", number, "a number or a bigint"],
    ["Float64Array", bytes, "an Int8Array or a Uint8Array or a Uint8ClampedArray"],
    ["number[]", bytes, "an Int8Array or a Uint8Array or a Uint8ClampedArray"],
    ["Date", text, "a text"],
    ["Other", object, "an object of App"],
    ["Name", object, "an object of App"],
  ])("%s contradicts what is returned", (type, glue, passed) => {
    expect(found(type, glue, false)).toEqual({
      reason: `the .d.ts says ${type}, and the JavaScript passes ${passed}`,
      isNothing: false,
    });
  });

  it.each<[type: string, words: readonly ValueType[], passed?: string]>([
    ["number", ["i32"]],
    ["number", ["f32"]],
    ["number", ["f64"]],
    ["bigint", ["i64"]],
    ["number | bigint", ["i64"]],
    ["number", ["externref"]],
    ["number", ["i64"], "a bigint"],
    ["bigint", ["i32"], "a number"],
    ["bigint", ["f32"], "a number"],
    ["bigint", ["f64"], "a number"],
    ["5", ["i64"], "a bigint"],
    ["Kind", ["i64"], "a bigint"],
  ])("%s is compared with the words %j", (type, words, passed) => {
    const reason = passed === undefined ? undefined : `the .d.ts says ${type}, and the JavaScript passes ${passed}`;
    expect(found(type, number, false, words)?.reason).toBe(reason);
    const given = reason === undefined ? undefined : `${reason} or a boolean`;
    expect(found(type, number, true, words)?.reason).toBe(given);
  });

  it("is compared with the number behind a flag, and with one that is read from memory", () => {
    expect(found("number | undefined", optional(number), false, ["i32", "i64"])?.reason).toContain(
      "a bigint or nothing",
    );
    expect(found("bigint | undefined", optional(number), false, ["i32", "i64"])).toBeUndefined();
    expect(found("bigint", { kind: "plain", inMemory: "f64" }, false)?.reason).toContain("passes a number");
    expect(found("bigint", { kind: "plain", inMemory: "i64" }, false)).toBeUndefined();
  });

  it("may leave out that there is no value", () => {
    expect(found("Name", optional(text), false)).toEqual({ reason: "", isNothing: true });
  });
});

describe("the declaration of a function whose type is of another build", () => {
  const module = "node_modules/prqlc/dist/node/prqlc_js_bg.wasm";
  const types = readFileSync("node_modules/prqlc/dist/node/prqlc_js.d.ts", "utf8");
  const declare = async (result: string) => {
    const changed = types.replace(/(export function compile\([^)]*\): )[^;]*;/, `$1${result};`);
    const dts = join(temporaryFolder(), "changed.d.ts");
    writeFileSync(dts, changed);
    return writeDeclaration(await findInputs(module, { dts }), {
      withDocs: false,
      withShape: false,
      version: "0.0.0",
      command: "unglue declare prqlc",
      folder: temporaryFolder(),
    });
  };

  it("has the type that is right, and the difference is listed", async () => {
    const { dts, declared } = await declare("Uint8Array");
    expect(dts).toMatch(/compile\(.*\): string \| undefined;/);
    expect(declared.differences).toContainEqual({
      member: "compile",
      reason: "its result: the .d.ts says Uint8Array, and the JavaScript passes a text or nothing",
    });
  });

  it("says that there may be no value", async () => {
    const { dts, declared } = await declare("string");
    expect(dts).toMatch(/compile\(.*\): string \| undefined;/);
    expect(declared.differences).toContainEqual({
      member: "compile",
      reason: "its result may be undefined, which the .d.ts leaves out",
    });
  });

  it("is not written where a plain type says otherwise", async () => {
    await expect(declare("number")).rejects.toThrow(ContradictionError);
    await expect(declare("number")).rejects.toThrow(
      "the .d.ts says number, and the JavaScript passes a text or nothing",
    );
  });
});
