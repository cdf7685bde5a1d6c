import { beforeAll, describe, expect, it } from "vitest";
import { load } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { answersOf, moduleUrl } from "../../packages/served.ts";
import { thrownBy } from "../../wat.ts";
import { takeText } from "./lower.ts";

/** Address and length come back as two results. Address 0 is `undefined`. */
type Text = [address: number, length: number];
type Translate = (address: number, length: number) => Text;

interface Exports {
  compile(address: number, length: number, options: number): Text;
  prql_to_pl: Translate;
  pl_to_prql: Translate;
  pl_to_rq: Translate;
  rq_to_sql: Translate;
  get_targets(): [address: number, count: number];
  compileoptions_new(): number;
  compileoptions_set_target(options: number, address: number, length: number): void;
  compileoptions_target(options: number): Text;
  __wbg_set_compileoptions_signature_comment(options: number, value: number): void;
  __externref_drop_slice(address: number, count: number): void;
}

interface Answers {
  targets: string[];
  good: { query: string; sql: string; pl: string; rq: string; prql: string; sqlOfRq: string; unsigned: string }[];
  bad: { query: string; thrown: string }[];
  badJson: { json: string; thrown: string }[];
}

let answers: Answers;

beforeAll(async () => {
  answers = await answersOf("prqlc");
});

describe("prqlc 0.13.14: wasm-bindgen 0.2.114, externref, multi-value", () => {
  it("is read as that, and every import is the adapter's once the cast is stated", async () => {
    const { wasm } = await open();
    expect(wasm.toolchain).toMatchObject({ name: "wasm-bindgen", version: "0.2.114" });
    expect(wasm.imports).toHaveLength(6);
    expect(wasm.imports.filter(({ provider }) => provider !== "adapter")).toEqual([]);
  });

  it("compiles queries to the SQL that the package returns", async () => {
    const { compile } = await open();
    expect(answers.good.length).toBeGreaterThan(4);
    for (const { query, sql } of answers.good) expect(compile(query)).toBe(sql);
  });

  it("goes through every intermediate form as the package does", async () => {
    const { translate } = await open();
    for (const { query, pl, rq, prql, sqlOfRq } of answers.good) {
      expect(translate("prql_to_pl", query)).toBe(pl);
      expect(translate("pl_to_rq", pl)).toBe(rq);
      expect(translate("pl_to_prql", pl)).toBe(prql);
      expect(translate("rq_to_sql", rq)).toBe(sqlOfRq);
    }
  });

  it("takes options, an object of the module", async () => {
    const { compile, wasm } = await open();
    for (const { query, unsigned } of answers.good) {
      const options = wasm.guarded.compileoptions_new();
      const { address, length } = wasm.memory.allocString("sql.postgres");
      wasm.guarded.compileoptions_set_target(options, address, length);
      wasm.guarded.__wbg_set_compileoptions_signature_comment(options, 0);
      expect(takeText(wasm, ...wasm.guarded.compileoptions_target(options))).toBe("sql.postgres");
      // The call takes the options over.
      expect(compile(query, options)).toBe(unsigned);
    }
  });

  it("throws for bad queries what the package throws", async () => {
    const { compile, translate } = await open();
    expect(answers.bad.length).toBeGreaterThan(3);
    for (const { query, thrown } of answers.bad) expect(String(thrownBy(() => compile(query)))).toBe(thrown);
    for (const { json, thrown } of answers.badJson) {
      expect(String(thrownBy(() => translate("rq_to_sql", json)))).toBe(thrown);
    }
  });

  it("returns a list of JavaScript strings, made by the stated cast", async () => {
    const { wasm } = await open();
    const [address, count] = wasm.guarded.get_targets();
    const slots = [...wasm.memory.u32.subarray(address / 4, address / 4 + count)];
    expect(slots.map((slot) => wasm.handles.get(slot))).toEqual(answers.targets);
    wasm.guarded.__externref_drop_slice(address, count);
    wasm.memory.free(address, count * 4, 4);
    expect(slots.map((slot) => wasm.handles.get(slot))).not.toContain("sql.any");
  });

  it("does not lose memory over many calls", async () => {
    const { compile, wasm } = await open();
    const round = () => {
      for (const { query } of answers.good) compile(query);
    };
    for (let at = 0; at < 5; at += 1) round();
    const before = wasm.memory.byteLength;
    for (let at = 0; at < 20; at += 1) round();
    expect(wasm.memory.byteLength).toBe(before);
  });
});

async function open() {
  const wasm = await load<Exports>(moduleUrl("prqlc"), {
    adapters: [wasmBindgen({ casts: { __wbindgen_cast_0000000000000001: "s" } })],
  });
  const take = ([address, length]: Text) => (address === 0 ? undefined : takeText(wasm, address, length));
  return {
    wasm,
    compile: (query: string, options = 0) => {
      const { address, length } = wasm.memory.allocString(query);
      return take(wasm.guarded.compile(address, length, options));
    },
    translate: (name: "prql_to_pl" | "pl_to_prql" | "pl_to_rq" | "rq_to_sql", text: string) => {
      const { address, length } = wasm.memory.allocString(text);
      return take(wasm.guarded[name](address, length));
    },
  };
}
