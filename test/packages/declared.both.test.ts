import { describe, expect, it } from "vitest";
import { load, type NoMembers, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { brotliRounds, brotliScenario } from "./brotli/scenario.ts";
import { cardanoRounds, cardanoScenario } from "./cardano/scenario.ts";
import { itAnswersAsItsGlue, type Opened } from "./compare.ts";
import { didcommRounds, didcommScenario } from "./didcomm/scenario.ts";
import { elmRounds, elmScenario } from "./elm/scenario.ts";
import { gluesqlRounds, gluesqlScenario } from "./gluesql/scenario.ts";
import { iniRounds, iniScenario } from "./ini/scenario.ts";
import { lz4Rounds, lz4Scenario } from "./lz4/scenario.ts";
import { mailRounds, mailScenario } from "./mail/scenario.ts";
import { matrixRounds, matrixScenario } from "./matrix/scenario.ts";
import { oxcRounds, oxcScenario } from "./oxc/scenario.ts";
import { plannerRounds, plannerScenario } from "./planner/scenario.ts";
import { projRounds, projScenario } from "./proj/scenario.ts";
import { type Prqlc, prqlcRounds, prqlcScenario } from "./prqlc/scenario.ts";
import { growthOver, type Rounds } from "./rounds.ts";
import type { Answers, Scenario } from "./scenario.ts";
import { answersOf, declarationOf, growthOf, moduleUrl } from "./served.ts";
import { tiktokenRounds, tiktokenScenario } from "./tiktoken/scenario.ts";
import { voyRounds, voyScenario } from "./voy/scenario.ts";
import { xlsxRounds, xlsxScenario } from "./xlsx/scenario.ts";
import { ywasmRounds, ywasmScenario } from "./ywasm/scenario.ts";

/** Loads a package's module with its declaration file, and nothing else. */
async function open<Api>(name: string): Promise<Opened<Api>> {
  const wasm = await load(moduleUrl(name), await declarationOf<NoMembers>(name));
  return wasm as unknown as Opened<Api>;
}

/** Loads it so that objects and allocations are counted, and runs the rounds. */
async function growthByDeclaration<Api, Input>(name: string, rounds: Rounds<Api, Input>) {
  const { input } = await answersOf<Answers<Input>>(name);
  const ledger = createLedger();
  const wasm = await load(moduleUrl(name), { ...(await declarationOf<NoMembers>(name)), ledger });
  return growthOver(rounds, wasm.api as unknown as Api, input, () => ({
    handles: wasm.handles.size,
    bytes: wasm.memory.byteLength,
    objects: ledger.objects.length,
    allocations: ledger.live.length,
  }));
}

function itAnswersByItsDeclaration<Api, Input>(
  name: string,
  scenario: Scenario<Api, Input>,
  rounds: Rounds<Api, Input>,
  lost?: Readonly<Record<string, number>>,
  stubs: readonly string[] = [],
): void {
  describe(`${name}, with its declaration file alone`, () => {
    it(`has ${stubs.length > 0 ? "only one import" : "no import"} that is a stub`, async () => {
      const wasm = await load(moduleUrl(name), await declarationOf<NoMembers>(name));
      expect(wasm.imports.flatMap(({ provider, name }) => (provider === "stub" ? [name] : []))).toEqual(stubs);
    });

    itAnswersAsItsGlue(name, scenario, () => open<Api>(name), lost);

    it(`keeps what its glue keeps over ${rounds.times ?? 1000} rounds, and no object or allocation`, async () => {
      const growth = await growthByDeclaration(name, rounds);
      expect(growth).toEqual({ ...(await growthOf(name)), objects: 0, allocations: 0 });
    }, 120_000);
  });
}

itAnswersByItsDeclaration("brotli", brotliScenario, brotliRounds);
// It would turn a text into code.
itAnswersByItsDeclaration("cardano", cardanoScenario, cardanoRounds, {}, ["__wbg_new_592cfd1910fe92ab"]);
itAnswersByItsDeclaration("didcomm", didcommScenario, didcommRounds);
itAnswersByItsDeclaration("elm", elmScenario, elmRounds);
itAnswersByItsDeclaration("gluesql", gluesqlScenario, gluesqlRounds);
itAnswersByItsDeclaration("ini", iniScenario, iniRounds);
itAnswersByItsDeclaration("lz4", lz4Scenario, lz4Rounds);
itAnswersByItsDeclaration("mail", mailScenario, mailRounds);
itAnswersByItsDeclaration("matrix", matrixScenario, matrixRounds);
itAnswersByItsDeclaration("oxc", oxcScenario, oxcRounds);
itAnswersByItsDeclaration("planner", plannerScenario, plannerRounds);
itAnswersByItsDeclaration("proj", projScenario, projRounds);
itAnswersByItsDeclaration("prqlc", prqlcScenario, prqlcRounds);
itAnswersByItsDeclaration("tiktoken", tiktokenScenario, tiktokenRounds);
itAnswersByItsDeclaration("voy", voyScenario, voyRounds);
itAnswersByItsDeclaration("xlsx", xlsxScenario, xlsxRounds);
itAnswersByItsDeclaration("ywasm", ywasmScenario, ywasmRounds, { "undoes and does again": 8 });

describe("a declaration file", () => {
  it("is refused for another module, before anything of it runs", async () => {
    const loading = load(moduleUrl("prqlc"), await declarationOf<NoMembers>("tiktoken"));
    await expect(loading).rejects.toSatisfy(
      (error) => error instanceof UnglueError && error.code === "declaration-mismatch",
    );
  });

  it("is seen to keep the objects that rounds do not free", async () => {
    const growth = await growthByDeclaration<Prqlc, undefined>("prqlc", {
      start:
        ({ CompileOptions }) =>
        () =>
          new CompileOptions(),
      times: 20,
    });
    expect(growth.objects).toBe(20);
  });
});
