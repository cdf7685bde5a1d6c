import { inspect, load } from "unglue";
import { describe, expect, it, vi } from "vitest";
import crateAnswers from "../fixtures/realm/answers.json" with { type: "json" };
import { rejectionOf, thrownBy } from "../wat.ts";
import { api } from "./api.ts";
import { type Build, builds, host, realmFile, realmUrl } from "./built.ts";
import { loadGlue, type RealmApi } from "./glue.ts";
import { aboveHalf, readFiles, scenario } from "./scenario.ts";

const files = await readFiles();
const everyBuild = builds.map((build) => [build.name, build] as const);

async function start({ name }: Build, models = new Map<number, Uint8Array>(), log: string[] = []) {
  return load(realmUrl(`built/${name}.wasm`), {
    api,
    imports: (instance) => ({ env: host(() => instance.memory, models, log) }),
  });
}

describe.each(everyBuild)("the generator of %s", (_, build) => {
  it("does what its own JavaScript does, and logs the same", async () => {
    const [ours, theirs] = [new Map<number, Uint8Array>(), new Map<number, Uint8Array>()];
    const [ourLog, theirLog]: [string[], string[]] = [[], []];
    const wasm = await start(build, ours, ourLog);
    const answers = await scenario(wasm.api, ours, files);
    expect(answers).toEqual(await scenario(await loadGlue(build, theirs, theirLog), theirs, files));
    expect(ourLog).toEqual(theirLog);
  });

  it("keeps no more values when it does all again", async () => {
    const store = new Map<number, Uint8Array>();
    const { api, handles } = await start(build, store);
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      await scenario(api, store, files);
      store.clear();
      sizes.push(handles.size);
    }
    // The queue of promises stays after the first round. Where values are in a table, wasm-bindgen itself loses a slot with each
    // exception that it catches, two in a round.
    expect((sizes[2] ?? NaN) - (sizes[1] ?? NaN)).toBe(build.handles === "externref" ? 2 : 0);
  });

  it("generates what the crate generates without a host, by seed and model", async () => {
    const store = new Map<number, Uint8Array>();
    const answers = await scenario((await start(build, store)).api, store, files);
    for (const { model, seed, text } of crateAnswers) expect(answers[`${model}, ${seed}`]).toEqual([true, text]);
    const texts = ["constitution", "declaration"].flatMap((model) => [1, 2].map((seed) => `${model}, ${seed}`));
    expect(new Set(texts.map((key) => JSON.stringify(answers[key]))).size).toBe(4);
  });

  it("expects text that it has not seen at least threefold better than chance", async () => {
    const { api } = await start(build);
    for (const [name, model] of files.models) {
      const realm = api.Realm.fromModel(model);
      expect(realm.perplexity(files.heldOut.get(name) ?? "") * 3).toBeLessThan(realm.vocabSize);
      realm.free();
    }
  });

  it("names an id above 2^31 as it was given", async () => {
    const { api } = await start(build);
    const realm = new api.Realm();
    expect(thrownBy(() => realm.loadModelById(aboveHalf))).toMatchObject({
      message: `the host has no model ${aboveHalf}`,
    });
  });

  it("passes on the very error that a callback throws", async () => {
    const { api } = await start(build);
    const realm = api.Realm.fromModel(files.models.get("declaration") ?? new Uint8Array());
    const mine = new TypeError("mine");
    const thrower = () => {
      throw mine;
    };
    expect(thrownBy(() => realm.generateStream("The People", thrower))).toBe(mine);
    expect(realm.generate("The People")).toHaveLength(200);
  });

  it("refuses objects that were given away", async () => {
    const { api } = await start(build);
    const realm = new api.Realm();
    const config = new api.GenerationConfig();
    realm.setConfig(config);
    expect(thrownBy(() => config.maxTokens)).toMatchObject({ code: "object-unusable" });
    const promise = realm.generateInPieces("x");
    expect(thrownBy(() => realm.isLoaded())).toMatchObject({ code: "object-unusable" });
    expect(await rejectionOf(promise)).toMatchObject({ message: "no model is loaded: call loadModel first" });
  });
});

describe.each(everyBuild)("the constructors of %s", (_, build) => {
  const { handles, results } = build;

  it("follow the conventions of its build", async () => {
    const { imports, classes, toolchain } = inspect(await realmFile(`built/${build.name}.wasm`));
    const patterns = classes?.map(({ name, constructors }) => [name, ...constructors.map(({ pattern }) => pattern)]);
    expect(Object.fromEntries(patterns ?? [])).toEqual({
      generationconfig: "direct",
      hostedrealm: results,
      realm: "direct",
    });
    const isTable = imports.some(({ name }) => name === "__wbindgen_init_externref_table");
    expect([toolchain.version?.split(" ")[0], isTable]).toEqual([build.version, handles === "externref"]);
  });

  it("make the objects that its own JavaScript makes", async () => {
    const model = files.models.get("constitution") ?? new Uint8Array();
    const store = new Map([[0, model]]);
    const make = ({ Realm, GenerationConfig, HostedRealm }: RealmApi) => {
      const direct = new Realm();
      const config = new GenerationConfig();
      const factory = Realm.fromModel(model);
      const fallible = new HostedRealm();
      direct.loadModel(model);
      config.maxTokens = 200;
      direct.setConfig(config);
      const made = [direct, factory, fallible].map((realm) => realm.generate("We"));
      for (const one of [direct, factory, fallible]) one.free();
      return made;
    };
    const made = make((await start(build, store)).api);
    expect(made).toEqual(make(await loadGlue(build, store)));
    expect(new Set(made).size).toBe(1);
  });
});

describe.each(everyBuild)("a host function that throws through %s", (_, build) => {
  const failure = new Error("the store is closed");
  const open = (onHostThrow: "throw" | "poison" | "restart") =>
    load(realmUrl(`built/${build.name}.wasm`), {
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
/** All that wasm-bindgen, its promises and `JsError` import, and the host's functions. */
const ofAnyHost =
  /^(__wbindgen_.*|__wbg___wbindgen_.*|__wbg__wbg_cb_unref_.*|__wbg_(Error|call|new|new_typed|newnoargs|resolve|then|queueMicrotask|self|window|global|globalThis|static_accessor_(GLOBAL_THIS|SELF|GLOBAL|WINDOW))_[0-9a-f]{16}|realm_(matrix_product|fetch_model|log))$/;
const server = everyBuild.filter(([, { feature }]) => feature === "server");
const web = everyBuild.filter(([, { feature }]) => feature === "web");

describe.each(server)("%s", (_, build) => {
  it("logs through one function of its host", async () => {
    const log: string[] = [];
    const wasm = await start(build, new Map([[0, Uint8Array.of(1)]]), log);
    new wasm.api.Realm().loadModel(files.models.get("declaration") ?? new Uint8Array());
    expect(log).toEqual([expect.stringMatching(/^3 realm::model: loaded a model of \d+ characters$/)]);
    expect(thrownBy(() => new wasm.api.HostedRealm())).toMatchObject({
      message: "the bytes are no model: they do not begin with RLM1",
    });
  });

  it("imports nothing of a browser", async () => {
    const { imports } = await start(build);
    expect(imports.filter(({ name }) => !ofAnyHost.test(name))).toEqual([]);
    expect(imports.filter(({ provider }) => provider === "stub")).toEqual([]);
  });
});

it.each(web)("%s logs to the console", async (_, build) => {
  const { imports, api } = await start(build);
  expect(imports.filter(({ name }) => ofConsole.test(name)).length).toBeGreaterThan(1);
  const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
  try {
    api.Realm.fromModel(files.models.get("declaration") ?? new Uint8Array()).free();
    expect(info).toHaveBeenCalledWith(expect.stringMatching(/^realm::model: loaded a model of \d+ characters$/));
  } finally {
    info.mockRestore();
  }
});
