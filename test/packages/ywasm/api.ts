import { t } from "unglue";

/** A transaction in which something is read or written; without one it is done in its own. */
const transaction = t.js.as(t.optional(t.object("YTransaction")));
/** The same, which the module only borrows. */
const reading = t.js.lent.as(t.optional(t.object("YTransaction")));
/** Anything that tells who makes a change. */
const origin = t.js.as<object | string | number | undefined>();
/** Attributes of text, by name. */
const attributes = t.js.as<object | undefined>();
/** A function that is called with each change, and the transaction that makes it. */
const observer = <const Event extends string>(event: Event) =>
  t.closure([t.owned(event), t.owned("YTransaction")], t.void);
/** Changes at any depth below. */
const events = t.js.as(t.list(t.js.as(t.owned("YTextEvent"), t.owned("YMapEvent"), t.owned("YArrayEvent"))));
/** The property that the module looks for in each shared type that it is passed as a value. */
const shared = {
  type: t.getter(t.u8),
  prelim: t.getter(t.bool),
  length: t.method([reading], t.u32, { throws: true }),
  toJson: t.method([reading], t.js, { throws: true }),
  observeDeep: t.method([t.closure([events, t.owned("YTransaction")], t.void)], t.owned("Observer"), { throws: true }),
};
/** The properties of all events. */
const event = {
  path: t.method([], t.js.as<(string | number)[]>()),
};

/** The interface of the module of ywasm. */
export const api = t.api({
  setPanicHook: t.fn([], t.void),
  encodeStateVector: t.fn([t.object("YDoc")], t.js.as<Uint8Array>(), { throws: true }),
  encodeStateAsUpdate: t.fn([t.object("YDoc"), t.optional(t.js.as<Uint8Array>())], t.js.as<Uint8Array>(), {
    throws: true,
  }),
  applyUpdate: t.fn([t.object("YDoc"), t.js.as<Uint8Array>(), origin], t.void, {
    throws: true,
  }),
  debugUpdateV1: t.fn([t.js.as<Uint8Array>()], t.string, { throws: true }),

  YDoc: t.class({
    new: t.ctor([t.js.lent.as<{ readonly clientID?: number; readonly guid?: string } | undefined>()], { throws: true }),
    type: t.getter(t.u8),
    prelim: t.getter(t.bool),
    id: t.getter(t.f64),
    guid: t.getter(t.string),
    getText: t.method([t.string], t.owned("YText")),
    getMap: t.method([t.string], t.owned("YMap")),
    getArray: t.method([t.string], t.owned("YArray")),
    beginTransaction: t.method([origin], t.owned("YTransaction")),
    onUpdate: t.method([t.closure([t.js.as<Uint8Array>(), t.owned("YTransaction")], t.void)], t.owned("Observer"), {
      throws: true,
    }),
  }),

  YTransaction: t.class({
    commit: t.method([], t.void, { throws: true }),
    stateVectorV1: t.method([], t.js.as<Uint8Array>()),
    diffV1: t.method([t.optional(t.js.as<Uint8Array>())], t.js.as<Uint8Array>(), { throws: true }),
    applyV1: t.method([t.js.as<Uint8Array>()], t.void, { throws: true }),
  }),

  YText: t.class({
    ...shared,
    new: t.ctor([t.optional(t.string)]),
    insert: t.method([t.u32, t.string, attributes, transaction], t.void, { throws: true }),
    insertEmbed: t.method([t.u32, t.js, attributes, transaction], t.void, { throws: true }),
    push: t.method([t.string, attributes, transaction], t.void, { throws: true }),
    format: t.method([t.u32, t.u32, t.js, transaction], t.void, { throws: true }),
    delete: t.method([t.u32, t.u32, transaction], t.void, { throws: true }),
    toString: t.method([reading], t.string, { throws: true }),
    toDelta: t.method(
      [
        t.optional(t.owned("YSnapshot")),
        t.optional(t.owned("YSnapshot")),
        t.optional(t.js.as<(change: unknown) => unknown>()),
        transaction,
      ],
      t.js.as<object[]>(),
      { throws: true },
    ),
    observe: t.method([observer("YTextEvent")], t.owned("Observer"), { throws: true }),
  }),

  YMap: t.class({
    ...shared,
    new: t.ctor([t.optional(t.js.as<object>())]),
    set: t.method([t.string, t.js, transaction], t.void, { throws: true }),
    get: t.method([t.string, reading], t.js, { throws: true }),
    delete: t.method([t.string, transaction], t.void, { throws: true }),
    entries: t.method([reading], t.js.as<object>(), { throws: true }),
    observe: t.method([observer("YMapEvent")], t.owned("Observer"), { throws: true }),
  }),

  YArray: t.class({
    ...shared,
    new: t.ctor([t.optional(t.list(t.js))]),
    insert: t.method([t.u32, t.list(t.js), transaction], t.void, { throws: true }),
    push: t.method([t.list(t.js), transaction], t.void, { throws: true }),
    delete: t.method([t.u32, t.optional(t.u32), transaction], t.void, { throws: true }),
    move: t.method([t.u32, t.u32, transaction], t.void, { throws: true }),
    get: t.method([t.u32, reading], t.js, { throws: true }),
    observe: t.method([observer("YArrayEvent")], t.owned("Observer"), { throws: true }),
  }),

  YTextEvent: t.class({
    ...event,
    target: t.getter(t.js.as(t.owned("YText"))),
    delta: t.getter(t.js.as<object[]>()),
  }),
  YMapEvent: t.class({
    ...event,
    target: t.getter(t.js.as(t.owned("YMap"))),
    keys: t.getter(t.js.as<object>()),
  }),
  YArrayEvent: t.class({
    ...event,
    target: t.getter(t.js.as(t.owned("YArray"))),
    delta: t.getter(t.js.as<object[]>()),
  }),

  YUndoManager: t.class({
    new: t.ctor([t.object("YDoc"), t.js.as<object>(), t.js.as<{ readonly captureTimeout?: number } | undefined>()], {
      throws: true,
    }),
    canUndo: t.getter(t.bool),
    canRedo: t.getter(t.bool),
    undo: t.method([], t.void, { throws: true }),
    redo: t.method([], t.void, { throws: true }),
    onStackItemAdded: t.method([t.closure([t.object("YUndoEvent")], t.void)], t.owned("Observer")),
  }),
  /** Never freed: the module goes on using it. */
  YUndoEvent: t.class({ kind: t.getter(t.js) }, { free: false }),

  YSnapshot: t.class({ new: t.ctor([]) }),
  Observer: t.class({}),
});
