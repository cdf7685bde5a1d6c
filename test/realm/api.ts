import { t } from "unglue";

/** The crate's classes. */
export const api = t.api({
  Realm: t.class({
    new: t.ctor([]),
    fromModel: t.ctor([t.bytes], { throws: true }),
    loadModel: t.method([t.bytes], t.void, { throws: true }),
    loadModelById: t.method([t.u32], t.void, { throws: true }),
    isLoaded: t.method([], t.bool),
    setConfig: t.method([t.owned("GenerationConfig")], t.void, { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
    generateStream: t.method([t.string, t.closure([t.string], t.js, { lent: true })], t.void, { throws: true }),
    generateInPieces: t.method([t.string], t.promise(t.string), { consumes: true }),
    fork: t.method([], t.owned("Realm")),
    vocabSize: t.getter(t.u32),
    getModelConfig: t.method([], t.string, { throws: true }),
    perplexity: t.method([t.string], t.f64, { throws: true }),
  }),
  GenerationConfig: t.class({
    new: t.ctor([]),
    maxTokens: t.field(t.u32),
    topK: t.field(t.u32),
    temperature: t.field(t.f32),
    seed: t.field(t.u64),
  }),
  HostedRealm: t.class({
    new: t.ctor([], { throws: true }),
    generate: t.method([t.string], t.string, { throws: true }),
  }),
});
