import { load, t } from "unglue";
import { describe, expect, it } from "vitest";
import answers from "../fixtures/realm/answers.json" with { type: "json" };
import { thrownBy } from "../wat.ts";
import { builds, host, realmUrl } from "./built.ts";

const api = t.api({
  Realm: t.class({
    new: t.ctor([]),
    loadModel: t.method([t.bytes], t.void, { throws: true }),
    loadModelById: t.method([t.u32], t.void, { throws: true }),
    isLoaded: t.method([], t.bool),
    setConfig: t.method([t.owned("GenerationConfig")], t.void, { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
    vocabSize: t.getter(t.u32),
  }),
  GenerationConfig: t.class({
    new: t.ctor([]),
    maxTokens: t.field(t.u32),
    seed: t.field(t.u64),
  }),
  HostedRealm: t.class({
    new: t.ctor([], { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
  }),
});

const aboveHalf = 2 ** 31 + 5;

async function bytesOf(path: string): Promise<Uint8Array> {
  // Node's fetch reads no files.
  const url = realmUrl(path);
  if (url.protocol === "file:") return new Uint8Array(await (await import("node:fs/promises")).readFile(url));
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

async function start(build: string, models = new Map<number, Uint8Array>(), log: string[] = []) {
  return load(realmUrl(`built/${build}.wasm`), {
    api,
    imports: (instance) => ({ env: host(() => instance.memory, models, log) }),
  });
}

describe.each(builds)("the generator of %s", (build) => {
  it("generates what the crate generates without a host", async () => {
    const models = new Map<number, Uint8Array>();
    const { api } = await start(build, models);
    for (const { model, seed, text } of answers) {
      const realm = new api.Realm();
      expect(realm.isLoaded()).toBe(false);
      const bytes = await bytesOf(`models/${model}.rlm`);
      models.set(aboveHalf, bytes);
      if (seed === 1) realm.loadModel(bytes);
      else realm.loadModelById(aboveHalf);
      expect(realm.isLoaded()).toBe(true);
      const config = new api.GenerationConfig();
      config.maxTokens = 80;
      config.seed = BigInt(seed);
      realm.setConfig(config);
      expect(realm.generate("The People")).toBe(text);
      realm.free();
    }
  });

  it("throws what the crate says, by its constructor too", async () => {
    const models = new Map<number, Uint8Array>();
    const { api } = await start(build, models);
    const realm = new api.Realm();
    expect(thrownBy(() => realm.generate("x"))).toMatchObject({ message: "no model is loaded: call loadModel first" });
    expect(thrownBy(() => realm.loadModelById(aboveHalf))).toMatchObject({
      message: `the host has no model ${aboveHalf}`,
    });
    expect(thrownBy(() => new api.HostedRealm())).toMatchObject({ message: "the host has no model 0" });
    models.set(0, await bytesOf("models/declaration.rlm"));
    expect(new api.HostedRealm().generate("The People")).toHaveLength(200);
  });
});

describe.each(builds)("a host function that throws through %s", (build) => {
  const failure = new Error("the store is closed");
  const open = (onHostThrow: "throw" | "poison" | "restart") =>
    load(realmUrl(`built/${build}.wasm`), {
      api,
      onHostThrow,
      imports: (instance) => ({
        env: {
          ...host(() => instance.memory, new Map()),
          realm_fetch_model: () => {
            throw failure;
          },
        },
      }),
    });

  it("leaves the object borrowed for ever by default, in an instance that is live", async () => {
    const wasm = await open("throw");
    const realm = new wasm.api.Realm();
    expect(thrownBy(() => realm.loadModelById(1))).toBe(failure);
    for (let time = 0; time < 3; time++) {
      expect(thrownBy(() => realm.isLoaded())).toMatchObject({
        message: expect.stringContaining("recursive use of an object") as string,
      });
    }
    expect([wasm.state, new wasm.api.Realm().isLoaded()]).toEqual(["live", false]);
  });

  it('refuses the object under "poison", and all others', async () => {
    const wasm = await open("poison");
    const [realm, other] = [new wasm.api.Realm(), new wasm.api.Realm()];
    expect(thrownBy(() => realm.loadModelById(1))).toBe(failure);
    expect(wasm.state).toBe("poisoned");
    const cause = { code: "host-threw", details: { export: "realm_loadModelById" }, cause: failure };
    expect(thrownBy(() => other.isLoaded())).toMatchObject({ code: "poisoned", cause });
  });

  it('has another life under "restart", and no object that is borrowed', async () => {
    const wasm = await open("restart");
    const { Realm } = wasm.api;
    const realm = new Realm();
    expect(thrownBy(() => realm.loadModelById(1))).toBe(failure);
    expect(wasm.state).toBe("live");
    expect(thrownBy(() => realm.isLoaded())).toMatchObject({ code: "object-unusable" });
    expect(new Realm().isLoaded()).toBe(false);
    // The crate's own error is none of the host's.
    expect(thrownBy(() => new Realm().generate("x"))).toMatchObject({
      message: "no model is loaded: call loadModel first",
    });
    expect(wasm.state).toBe("live");
  });
});

const ofConsole = /^__wbg_(log|info|debug|warn|error|stack)_/;

it.each(builds.filter((name) => name.includes("server")))("%s logs to its host, and to no console", async (build) => {
  const log: string[] = [];
  const wasm = await start(build, new Map(), log);
  new wasm.api.Realm().loadModel(await bytesOf("models/declaration.rlm"));
  expect(log).toEqual([expect.stringMatching(/^3 realm::model: loaded a model of \d+ characters$/)]);
  expect(wasm.imports.filter(({ name }) => ofConsole.test(name))).toEqual([]);
});

it.each(builds.filter((name) => name.includes("web")))("%s imports the console", async (build) => {
  const { imports } = await start(build);
  expect(imports.filter(({ name }) => ofConsole.test(name)).length).toBeGreaterThan(1);
});

describe.each(builds)("the functions of C of %s", (build) => {
  const Options = t.record({ maxTokens: t.u32, topK: t.u32, temperature: t.f32, seed: t.u64 });
  const options = { maxTokens: 80, topK: 40, temperature: 0.5, seed: 2n ** 63n };
  const both = t.api({
    ...api.members,
    Generator: t.class(
      {
        new: t.ctor([]),
        loadModel: t.method([t.bytes], t.i32),
        loadModelById: t.method([t.u32], t.i32),
        // The table of these builds cannot take another function: the callback is null.
        generate: t.method([t.cstring, t.optional(Options), t.size, t.size], t.i32),
        lastError: t.getter(t.cstring),
      },
      { prefix: "rlm", convention: "c" },
    ),
  });
  const startBoth = async (models: ReadonlyMap<number, Uint8Array>) =>
    load(realmUrl(`built/${build}.wasm`), {
      api: both,
      imports: (instance) => ({ env: host(() => instance.memory, models) }),
    });

  it("work beside its class", async () => {
    const bytes = await bytesOf("models/declaration.rlm");
    const wasm = await startBoth(new Map([[aboveHalf, bytes]]));
    using generator = new wasm.api.Generator();
    using realm = new wasm.api.Realm();
    expect([generator.loadModel(bytes), generator.lastError]).toEqual([0, ""]);
    realm.loadModel(bytes);
    expect([generator.loadModelById(aboveHalf), realm.vocabSize > 20]).toEqual([0, true]);
    expect([generator.loadModelById(7), generator.lastError]).toEqual([-2, "the host has no model 7"]);
    expect(generator.loadModel(bytes.subarray(0, 20))).toBe(-2);
    expect(generator.lastError).toBe("the model is truncated");
    expect(wasm.toolchain.name).toBe("wasm-bindgen");
  });

  it("leave nothing behind over many rounds", async () => {
    const wasm = await startBoth(new Map());
    const generator = new wasm.api.Generator();
    const prompt = "a prompt that takes some kilobytes".repeat(100);
    const round = (): void => {
      expect(generator.generate(prompt, options, 0, 0)).toBe(-1);
      expect(generator.generate(prompt, undefined, 0, 0)).toBe(-1);
      expect(generator.loadModel(new Uint8Array(1000))).toBe(-2);
      new wasm.api.Generator().free();
    };
    round();
    const { byteLength } = wasm.memory;
    for (let at = 0; at < 1000; at++) round();
    expect(wasm.memory.byteLength).toBe(byteLength);
  });
});
