import { load, t } from "unglue";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { api as classes } from "./api.ts";
import { type Build, builds, declaredHost, host, realmUrl } from "./built.ts";
import { aboveHalf, readFiles, scenario } from "./scenario.ts";

const files = await readFiles();
const everyBuild = builds.map((build) => [build.name, build] as const);
const api = t.api({
  ...classes.members,
  // As they are: the addresses and numbers of C.
  rlm_new: t.fn([], t.size, { convention: "c" }),
  rlm_load_model_by_id: t.fn([t.size, t.u32], t.i32, { convention: "c" }),
  rlm_generate: t.fn(
    [t.size, t.cstring, t.size, t.closure([t.size, t.string], t.bool, { lent: true }), t.size],
    t.i32,
    { convention: "c" },
  ),
  rlm_last_error: t.fn([t.size], t.cstring, { convention: "c" }),
  rlm_free: t.fn([t.size], t.void, { convention: "c" }),
});

async function start({ name }: Build, make: typeof host | typeof declaredHost) {
  const models = new Map<number, Uint8Array>();
  const log: string[] = [];
  const wasm = await load(realmUrl(`built/${name}.wasm`), {
    api,
    imports: (instance) => ({ env: make(() => instance.memory, models, log) }),
  });
  return { wasm, models, log };
}

/** Generates with the functions for C. */
function generateInC({ wasm, models }: Awaited<ReturnType<typeof start>>, seeds: number): unknown[] {
  const answers: unknown[] = [];
  for (const [name, model] of files.models) {
    models.set(aboveHalf, model);
    for (let round = 0; round < seeds; round++) {
      const generator = wasm.api.rlm_new();
      let text = "";
      const receive = (_: number, piece: string) => {
        text += piece;
        return text.length < 60;
      };
      const missing = wasm.api.rlm_load_model_by_id(generator, aboveHalf + 1);
      const reason = wasm.api.rlm_last_error(generator);
      const loaded = wasm.api.rlm_load_model_by_id(generator, aboveHalf);
      const status = wasm.api.rlm_generate(generator, "The People", 0, receive, 0);
      answers.push([name, missing, reason, loaded, status, text]);
      wasm.api.rlm_free(generator);
    }
  }
  return answers;
}

describe.each(everyBuild)("host functions that are declared for %s", (_, build) => {
  it("give the classes what functions of addresses give", async () => {
    const [declared, plain] = [await start(build, declaredHost), await start(build, host)];
    const answers = await scenario(declared.wasm.api, declared.models, files);
    expect(answers).toEqual(await scenario(plain.wasm.api, plain.models, files));
    expect(declared.log).toEqual(plain.log);
    expect(declared.log.length > 0).toBe(build.feature === "server");
    const evidence = declared.wasm.imports.find(({ name }) => name === "realm_matrix_product")?.evidence;
    expect(evidence).toMatch(/declared .+ by C's convention$/);
  });

  it("give the functions for C the same", async () => {
    const [declared, plain] = [await start(build, declaredHost), await start(build, host)];
    const answers = generateInC(declared, 2);
    expect(answers).toEqual(generateInC(plain, 2));
    expect(answers[0]).toEqual([
      "constitution",
      -2,
      `the host has no model ${aboveHalf + 1}`,
      0,
      -3,
      expect.stringMatching(/^[^]{60}/),
    ]);
    expect(declared.log).toEqual(plain.log);
  });

  it("are asked for a model above 2^31 by its number, and name what is wrong", async () => {
    const asked: number[] = [];
    const wasm = await load(realmUrl(`built/${build.name}.wasm`), {
      api,
      imports: (instance) => ({
        env: {
          ...declaredHost(() => instance.memory, new Map()),
          realm_fetch_model: t.host([t.param("id", t.u32), t.size, t.u32], t.i32, (id) => {
            asked.push(id);
            return "no number" as never;
          }),
        },
      }),
    });
    expect(thrownBy(() => wasm.api.rlm_load_model_by_id(wasm.api.rlm_new(), aboveHalf))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining('The host function "env"."realm_fetch_model" must return') as string,
    });
    expect(asked).toEqual([aboveHalf]);
  });
});
