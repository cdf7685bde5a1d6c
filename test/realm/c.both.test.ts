import { load, t } from "unglue";
import { describe, expect, it } from "vitest";
import answers from "../fixtures/realm/answers.json" with { type: "json" };
import { api as classes } from "./api.ts";
import { type Build, builds, host, realmFile, realmUrl } from "./built.ts";
import { loadGlue } from "./glue.ts";
import { aboveHalf } from "./scenario.ts";

const options = t.record({ maxTokens: t.u32, topK: t.u32, temperature: t.f32, seed: t.u64 });
const api = t.api({
  ...classes.members,
  Generator: t.class(
    {
      new: t.ctor([]),
      loadModel: t.method([t.bytes], t.i32),
      loadModelById: t.method([t.u32], t.i32),
      generate: t.method(
        [t.cstring, t.optional(options), t.closure([t.size, t.string], t.bool, { lent: true }), t.size],
        t.i32,
      ),
      lastError: t.getter(t.cstring),
    },
    { prefix: "rlm", convention: "c" },
  ),
  Options: t.class(
    {
      new: t.ctor([]),
      maxTokens: t.field(t.u32, { offset: 0 }),
      topK: t.field(t.u32, { offset: 4 }),
      temperature: t.field(t.f32, { offset: 8 }),
      seed: t.field(t.u64, { offset: 16 }),
    },
    { prefix: "rlm_options", size: 24, align: 8, convention: "c", free: false },
  ),
});

const status = { ok: 0, invalidArgument: -1, failed: -2, stopped: -3 };

async function start({ name }: Build, models: ReadonlyMap<number, Uint8Array> = new Map()) {
  return load(realmUrl(`built/${name}.wasm`), {
    api,
    imports: (instance) => ({ env: host(() => instance.memory, models) }),
  });
}

describe.each(builds.map((build) => [build.name, build] as const))("the functions for C of %s", (_, build) => {
  it("generate what the class and the package's own JavaScript do", async () => {
    for (const { model, seed, text } of answers) {
      const bytes = await realmFile(`models/${model}.rlm`);
      const wasm = await start(build, new Map([[aboveHalf, bytes]]));
      using generator = new wasm.api.Generator();
      expect(generator.loadModelById(aboveHalf)).toBe(status.ok);
      const given = { maxTokens: 80, topK: 0, temperature: 0.8, seed: BigInt(seed) };
      let received = "";
      const receive = (data: number, piece: string) => {
        expect(data).toBe(7);
        received += piece;
        return true;
      };
      expect(generator.generate("The People", given, receive, 7)).toBe(status.ok);
      expect(received).toBe(text);
      for (const { Realm, GenerationConfig } of [wasm.api, await loadGlue(build, new Map())]) {
        const realm = Realm.fromModel(bytes);
        realm.setConfig(Object.assign(new GenerationConfig(), { maxTokens: 80, seed: BigInt(seed) }));
        expect(realm.generate("The People")).toBe(text);
        realm.free();
      }
    }
  });

  it("stop when the callback says so, and pass on what it throws", async () => {
    const wasm = await start(build);
    using generator = new wasm.api.Generator();
    expect(generator.loadModel(await realmFile("models/declaration.rlm"))).toBe(status.ok);
    const pieces: string[] = [];
    const few = (_: number, piece: string) => pieces.push(piece) < 3;
    expect([generator.generate("The", undefined, few, 0), pieces.length]).toEqual([status.stopped, 3]);
    const mine = new Error("mine");
    const thrower = () => {
      throw mine;
    };
    expect(() => generator.generate("The", undefined, thrower, 0)).toThrow(mine);
  });

  it("have a factory, and options that are written in place", async () => {
    const { api } = await start(build);
    using generator = new api.Generator();
    expect(generator.lastError).toBe("");
    const made = new api.Options();
    expect([made.maxTokens, made.topK, made.temperature, made.seed]).toEqual([200, 0, Math.fround(0.8), 1n]);
    made.seed = 2n ** 64n - 1n;
    expect([made.seed, new api.Options().seed]).toEqual([2n ** 64n - 1n, 1n]);
  });

  it("return a status, with a reason", async () => {
    const wasm = await start(build);
    using generator = new wasm.api.Generator();
    const receive = () => true;
    expect([generator.loadModelById(aboveHalf), generator.lastError]).toEqual([
      status.failed,
      `the host has no model ${aboveHalf}`,
    ]);
    expect(generator.generate("x", undefined, receive, 0)).toBe(status.failed);
    expect(generator.lastError).toBe("no model is loaded: call loadModel first");
    const bytes = await realmFile("models/declaration.rlm");
    expect(generator.loadModel(bytes.subarray(0, 20))).toBe(status.failed);
    expect(generator.lastError).toBe("the model is truncated");
    expect(wasm.toolchain.name).toBe("wasm-bindgen");
  });

  it("leave nothing behind over many rounds", async () => {
    const wasm = await start(build);
    const generator = new wasm.api.Generator();
    const prompt = "a prompt that takes some kilobytes".repeat(100);
    const given = { maxTokens: 80, topK: 40, temperature: 0.5, seed: 2n ** 63n };
    const receive = () => true;
    const round = (): void => {
      expect(generator.generate(prompt, given, receive, 0)).toBe(status.failed);
      expect(generator.generate(prompt, undefined, receive, 0)).toBe(status.failed);
      expect(generator.loadModel(new Uint8Array(1000))).toBe(status.failed);
      new wasm.api.Generator().free();
    };
    round();
    const { byteLength } = wasm.memory;
    for (let at = 0; at < 1000; at++) round();
    expect(wasm.memory.byteLength).toBe(byteLength);
  });
});
