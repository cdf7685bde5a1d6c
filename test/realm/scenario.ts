import { realmFile } from "./built.ts";
import type { RealmApi } from "./glue.ts";

const prompt = "The People";
const models = ["constitution", "declaration"] as const;

/** Above 2^31, so that a number that is read as signed is another. */
export const aboveHalf = 2 ** 31 + 5;

/** The files that the scenario needs. */
export interface Files {
  readonly models: ReadonlyMap<string, Uint8Array>;
  /** Text of each model's corpus that it was not trained with. */
  readonly heldOut: ReadonlyMap<string, string>;
}

/** Reads the models, and the last tenth of each corpus. */
export async function readFiles(): Promise<Files> {
  const read = await Promise.all(
    models.map(async (name) => {
      const text = new TextDecoder().decode(await realmFile(`corpus/${name}.txt`));
      return [name, await realmFile(`models/${name}.rlm`), text.slice(Math.floor(text.length * 0.9))] as const;
    }),
  );
  return {
    models: new Map(read.map(([name, model]) => [name, model])),
    heldOut: new Map(read.map(([name, , heldOut]) => [name, heldOut])),
  };
}

/**
 * Uses every member of the classes.
 *
 * @param api - The classes.
 * @param store - The host's store of models, which is changed.
 * @param files - The files.
 * @returns What came back: plain values.
 */
export async function scenario(
  { Realm, GenerationConfig, HostedRealm }: RealmApi,
  store: Map<number, Uint8Array>,
  files: Files,
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const model = (name: string) => files.models.get(name) ?? new Uint8Array();
  const configured = (members: Partial<InstanceType<RealmApi["GenerationConfig"]>>) =>
    Object.assign(new GenerationConfig(), members);

  const empty = new Realm();
  answers["without a model"] = [
    empty.isLoaded(),
    empty.vocabSize,
    messageOf(() => empty.generate(prompt)),
    messageOf(() => empty.getModelConfig()),
    messageOf(() => empty.perplexity(prompt)),
    messageOf(() => {
      empty.loadModel(Uint8Array.of(1, 2, 3));
    }),
    messageOf(() => {
      empty.loadModelById(aboveHalf);
    }),
    messageOf(() => Realm.fromModel(new Uint8Array())),
    messageOf(() => new HostedRealm()),
    await rejection(empty.generateInPieces(prompt)),
  ];

  const config = new GenerationConfig();
  answers["configuration"] = [config.maxTokens, config.topK, config.temperature, config.seed];
  Object.assign(config, { maxTokens: 2 ** 32 - 1, topK: 3, temperature: 0.1, seed: 2n ** 64n - 1n });
  answers["configuration, written"] = [config.maxTokens, config.topK, config.temperature, config.seed];
  config.free();

  for (const name of models) {
    for (const seed of [1n, 2n, 2n ** 63n]) {
      const realm = new Realm();
      store.set(aboveHalf, model(name));
      if (seed === 1n) realm.loadModel(model(name));
      else realm.loadModelById(aboveHalf);
      realm.setConfig(configured({ maxTokens: 80, seed }));
      answers[`${name}, ${seed}`] = [realm.isLoaded(), realm.generate(prompt)];
      realm.free();
    }
    const realm = Realm.fromModel(model(name));
    realm.setConfig(configured({ maxTokens: 40, topK: 5, temperature: 1.5 }));
    const pieces: string[] = [];
    realm.generateStream(prompt, (piece) => pieces.push(piece));
    const few: string[] = [];
    answers[`${name}, in other ways`] = [
      JSON.parse(realm.getModelConfig()),
      realm.vocabSize,
      realm.perplexity(files.heldOut.get(name)?.slice(0, 300) ?? ""),
      realm.generate(prompt),
      pieces,
      await realm.fork().generateInPieces(prompt),
      await Promise.all([realm.fork().generateInPieces(prompt), realm.fork().generateInPieces(`${prompt} of`)]),
      messageOf(() => {
        realm.generateStream(prompt, (piece) => few.push(piece) < 3);
      }),
      few,
      messageOf(() => {
        realm.generateStream(prompt, () => {
          throw new Error("thrown by the callback");
        });
      }),
      messageOf(() => {
        realm.setConfig(configured({ temperature: 0 }));
      }),
      messageOf(() => realm.generate("snow: ☃")),
      await rejection(realm.fork().generateInPieces("snow: ☃")),
    ];
    realm.free();
  }
  store.set(0, model("declaration"));
  const hosted = new HostedRealm();
  answers["of the host"] = hosted.generate(prompt);
  hosted.free();
  return answers;
}

function messageOf(call: () => unknown): unknown {
  try {
    return ["returned", call()];
  } catch (error) {
    return (error as Error).message;
  }
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ["resolved", value],
    (error: unknown) => (error as Error).message,
  );
}
