import { describe, expect, it } from "vitest";
import { load, type NoMembers, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { brotliScenario } from "./brotli/scenario.ts";
import { itAnswersAsItsGlue, type Opened } from "./compare.ts";
import { gluesqlScenario } from "./gluesql/scenario.ts";
import { lz4Scenario } from "./lz4/scenario.ts";
import { oxcScenario } from "./oxc/scenario.ts";
import { prqlcScenario } from "./prqlc/scenario.ts";
import type { Scenario } from "./scenario.ts";
import { declarationOf, moduleUrl } from "./served.ts";
import { tiktokenScenario } from "./tiktoken/scenario.ts";
import { ywasmScenario } from "./ywasm/scenario.ts";

/** Loads a package's module with its declaration file, and nothing else. */
async function open<Api>(name: string): Promise<Opened<Api>> {
  const wasm = await load(moduleUrl(name), await declarationOf<NoMembers>(name));
  return wasm as unknown as Opened<Api>;
}

function itAnswersByItsDeclaration<Api, Input>(
  name: string,
  scenario: Scenario<Api, Input>,
  lost?: Readonly<Record<string, number>>,
): void {
  describe(`${name}, with its declaration file alone`, () => {
    it("has no import that is a stub", async () => {
      const wasm = await load(moduleUrl(name), await declarationOf<NoMembers>(name));
      expect(wasm.imports.filter(({ provider }) => provider === "stub")).toEqual([]);
    });

    itAnswersAsItsGlue(name, scenario, () => open<Api>(name), lost);
  });
}

itAnswersByItsDeclaration("brotli", brotliScenario);
itAnswersByItsDeclaration("gluesql", gluesqlScenario);
itAnswersByItsDeclaration("lz4", lz4Scenario);
itAnswersByItsDeclaration("oxc", oxcScenario);
itAnswersByItsDeclaration("prqlc", prqlcScenario);
itAnswersByItsDeclaration("tiktoken", tiktokenScenario);
itAnswersByItsDeclaration("ywasm", ywasmScenario, { "undoes and does again": 8 });

describe("a declaration file", () => {
  it("is refused for another module, before anything of it runs", async () => {
    const loading = load(moduleUrl("prqlc"), await declarationOf<NoMembers>("tiktoken"));
    await expect(loading).rejects.toSatisfy(
      (error) => error instanceof UnglueError && error.code === "declaration-mismatch",
    );
  });

  it("declares ownership: a thousand rounds leave no object, handle or allocation", async () => {
    interface Prqlc {
      readonly CompileOptions: new () => { target: string };
      compile(query: string, options?: object): string;
      get_targets(): string[];
    }
    const ledger = createLedger();
    const declaration = await declarationOf<NoMembers>("prqlc");
    const wasm = await load(moduleUrl("prqlc"), { ...declaration, ledger });
    const { CompileOptions, compile, get_targets } = wasm.api as unknown as Prqlc;
    const round = () => {
      const options = new CompileOptions();
      options.target = "sql.sqlite";
      expect(compile("from é", options)).toContain("é");
      expect(get_targets()).toContain("sql.sqlite");
      expect(() => compile("from")).toThrow();
    };
    const counts = () => ({
      handles: wasm.handles.size,
      objects: ledger.objects.length,
      allocations: ledger.live.length,
    });
    for (let at = 0; at < 5; at++) round();
    const before = counts();
    for (let at = 0; at < 1000; at++) round();
    expect(counts()).toEqual(before);
  });
});
