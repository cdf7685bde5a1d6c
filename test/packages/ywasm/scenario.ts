import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

interface Owned {
  free(): void;
}

/**
 * A transaction; what is passed none begins its own. Its origin is left out: ywasm gives the handle away when it is read,
 * drops it once more at the end, and so mixes up what its own JavaScript holds.
 */
export interface Transaction extends Owned {
  commit(): void;
  stateVectorV1(): Uint8Array;
  diffV1(vector?: Uint8Array): Uint8Array;
  applyV1(diff: Uint8Array): void;
}

/** The argument of an observer, which owns it. */
export interface SharedEvent extends Owned {
  readonly target: Shared;
  readonly delta?: unknown;
  readonly keys?: unknown;
  path(): unknown;
}

type Observe<Event> = (observer: (event: Event, transaction: Transaction) => void) => Owned;

/** The members that the shared types have in common. */
export interface Shared extends Owned {
  readonly type: number;
  readonly prelim: boolean;
  length(transaction?: Transaction | null): number;
  toJson(transaction?: Transaction | null): unknown;
  readonly observe: Observe<SharedEvent>;
  readonly observeDeep: Observe<SharedEvent[]>;
}

/** Text with attributes. */
export interface SharedText extends Shared {
  insert(index: number, chunk: string, attributes?: unknown, transaction?: Transaction | null): void;
  insertEmbed(index: number, embed: unknown, attributes?: unknown, transaction?: Transaction | null): void;
  push(chunk: string, attributes?: unknown, transaction?: Transaction | null): void;
  format(index: number, length: number, attributes: unknown, transaction?: Transaction | null): void;
  delete(index: number, length: number, transaction?: Transaction | null): void;
  toString(transaction?: Transaction | null): string;
  toDelta(snapshot?: undefined, previous?: undefined, compute?: unknown, transaction?: Transaction | null): unknown;
}

/** A map. */
export interface SharedMap extends Shared {
  set(key: string, value: unknown, transaction?: Transaction | null): void;
  get(key: string, transaction?: Transaction | null): unknown;
  delete(key: string, transaction?: Transaction | null): void;
  entries(transaction?: Transaction | null): unknown;
}

/** A list. */
export interface SharedArray extends Shared {
  insert(index: number, items: unknown[], transaction?: Transaction | null): void;
  push(items: unknown[], transaction?: Transaction | null): void;
  delete(index: number, length?: number, transaction?: Transaction | null): void;
  move(source: number, target: number, transaction?: Transaction | null): void;
  get(index: number, transaction?: Transaction | null): unknown;
}

/** A document. */
export interface Doc extends Owned {
  readonly id: number;
  readonly guid: string;
  getText(name: string): SharedText;
  getMap(name: string): SharedMap;
  getArray(name: string): SharedArray;
  beginTransaction(origin?: unknown): Transaction;
  readonly onUpdate: Observe<Uint8Array>;
}

/** The event of an undo manager. Not to be freed: ywasm goes on using it. */
export interface UndoEvent {
  readonly kind: unknown;
}

/** The undo manager. */
export interface UndoManager extends Owned {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): void;
  redo(): void;
  onStackItemAdded(callback: (event: UndoEvent) => void): Owned;
}

/** The exports of ywasm. */
export interface Ywasm {
  readonly YDoc: new (options?: { readonly clientID?: number; readonly guid?: string }) => Doc;
  readonly YText: new (text?: string) => SharedText;
  readonly YMap: new (values?: object) => SharedMap;
  readonly YArray: new (items?: unknown[]) => SharedArray;
  /** The document is `never`: each implementation takes its own alone. */
  readonly YUndoManager: new (doc: never, scope: SharedText, options?: { captureTimeout?: number }) => UndoManager;
  encodeStateVector(doc: Doc): Uint8Array;
  encodeStateAsUpdate(doc: Doc, vector?: Uint8Array): Uint8Array;
  applyUpdate(doc: Doc, update: Uint8Array, origin?: unknown): void;
  debugUpdateV1(update: Uint8Array): string;
}

/** The scenario of ywasm. */
export const ywasmScenario: Scenario<Ywasm, undefined> = {
  "merges two documents that were edited apart": ({ YDoc, encodeStateVector, encodeStateAsUpdate, applyUpdate }) => {
    const [left, right] = [new YDoc({ clientID: 1, guid: "left" }), new YDoc({ clientID: 2, guid: "right" })];
    const exchange = () => {
      const [toRight, toLeft] = [
        encodeStateAsUpdate(left, encodeStateVector(right)),
        encodeStateAsUpdate(right, encodeStateVector(left)),
      ];
      applyUpdate(right, toRight, "left");
      applyUpdate(left, toLeft, "right");
      return [toRight, toLeft];
    };
    left.getText("text").insert(0, "The fox 🦊 jumps.");
    left.getMap("map").set("title", "one");
    const first = exchange();
    left.getText("text").insert(4, "quick ", { bold: true });
    right.getText("text").insert(4, "brown ");
    right.getText("text").delete(0, 3);
    left.getMap("map").set("title", "two");
    right.getMap("map").set("title", "deux");
    left.getArray("list").push([1, "zwei", { three: [3, null, true] }]);
    right.getArray("list").push(["vier", -5.5]);
    const apart = [left, right].map(contents);
    const second = exchange();
    const together = [left, right].map(contents);
    const states = [left, right].map((doc) => [doc.id, doc.guid, encodeStateVector(doc), encodeStateAsUpdate(doc)]);
    left.free();
    right.free();
    return { first, apart, second, together, states };
  },

  "calls observers back with what changed": ({ YDoc, YMap, YText, YArray }) => {
    const doc = new YDoc({ clientID: 7, guid: "seven" });
    const [text, map, list] = [doc.getText("text"), doc.getMap("map"), doc.getArray("list")];
    const seen: unknown[] = [];
    const note = (who: string) => (event: SharedEvent, transaction: Transaction) => {
      seen.push([who, told(event, transaction)]);
    };
    const observers = [
      text.observe(note("text")),
      map.observe(note("map")),
      list.observe(note("list")),
      map.observeDeep((events, transaction) => {
        seen.push(["deep", events.map((event) => told(event, transaction))]);
      }),
      doc.onUpdate((update) => {
        seen.push(["update", update]);
      }),
    ];
    text.insert(0, "héllo", { bold: true });
    text.insertEmbed(2, { image: "a.png" });
    // One attribute at a time: Rust writes several in the order of a hash table.
    text.format(0, 3, { bold: null });
    text.format(1, 4, { italic: true });
    map.set("nested", new YMap({ a: 1 }));
    (map.get("nested") as SharedMap).set("b", [1, 2, "x"]);
    map.set("text", new YText("in a map"));
    map.set("plain", 1.5);
    list.insert(0, [1, new YArray(["inner", new YMap({ deep: true })]), 3]);
    list.move(0, 2);
    list.delete(1);
    const transaction = doc.beginTransaction();
    map.delete("plain", transaction);
    map.set("later", 9, transaction);
    seen.push(["not yet"]);
    transaction.free();
    for (const observer of observers) observer.free();
    text.push("unseen");
    const results = [seen, text.toDelta(), map.toJson(), list.toJson(), text.length(), map.length(), list.length()];
    for (const one of [text, map, list, doc]) one.free();
    return results;
  },

  "reads and writes in one transaction": ({ YDoc, debugUpdateV1 }) => {
    const doc = new YDoc({ clientID: 3, guid: "three" });
    const [text, map] = [doc.getText("text"), doc.getMap("map")];
    const transaction = doc.beginTransaction();
    text.insert(0, "été", undefined, transaction);
    map.set("key", { deep: [1, "x", null] }, transaction);
    const results = [
      text.toString(transaction),
      map.get("key", transaction),
      map.entries(transaction),
      transaction.stateVectorV1(),
      debugUpdateV1(transaction.diffV1()),
    ];
    transaction.commit();
    transaction.free();
    return [...results, text.toString()];
  },

  "undoes and does again": ({ YDoc, YUndoManager }) => {
    const doc = new YDoc({ clientID: 4, guid: "four" });
    const text = doc.getText("text");
    const undo = new YUndoManager(doc as never, text, { captureTimeout: 0 });
    const added: unknown[] = [];
    const observer = undo.onStackItemAdded((event) => {
      added.push(event.kind);
    });
    text.insert(0, "one");
    text.insert(3, " two");
    const written = [text.toString(), undo.canUndo, undo.canRedo];
    undo.undo();
    const undone = [text.toString(), undo.canUndo, undo.canRedo];
    undo.redo();
    const redone = text.toString();
    for (const one of [observer, undo, text, doc]) one.free();
    return [written, undone, redone, added];
  },

  "makes identities of its own": ({ YDoc, encodeStateAsUpdate, applyUpdate }) => {
    const [one, two] = [new YDoc(), new YDoc()];
    one.getText("text").push("random");
    applyUpdate(two, encodeStateAsUpdate(one));
    return [one.id !== two.id, one.guid !== two.guid, two.getText("text").toString()];
  },

  "throws for what it cannot do": ({ YDoc, YMap, applyUpdate, encodeStateAsUpdate, debugUpdateV1 }) => {
    const doc = new YDoc({ clientID: 5, guid: "five" });
    const [text, map] = [doc.getText("text"), doc.getMap("map")];
    const list = doc.getArray("list");
    return [
      outcome(() => new YDoc(5 as never).guid.length),
      outcome(() => new YDoc({ clientID: "x" as never, guid: "x" }).guid),
      outcome(() => {
        applyUpdate(doc, Uint8Array.of(1, 2, 3));
      }),
      outcome(() => {
        applyUpdate(doc, new Uint8Array());
      }),
      outcome(() => encodeStateAsUpdate(doc, Uint8Array.of(255, 255))),
      outcome(() => debugUpdateV1(Uint8Array.of(9, 9, 9))),
      outcome(() => {
        text.insert(0, "a", 5);
      }),
      outcome(() => {
        text.push("b", { deep: { er: [1] } });
      }),
      outcome(() => map.get("nothing")),
      outcome(() => list.get(7)),
      outcome(() => {
        applyUpdate(doc, 5 as unknown as Uint8Array);
      }),
      outcome(() => map.toJson(5 as unknown as Transaction)),
      outcome(() => map.toJson({} as Transaction)),
      outcome(() => {
        const fresh = new YMap({ a: 1 });
        const json = fresh.toJson();
        fresh.free();
        return json;
      }),
      outcome(() => text.toString()),
    ];
  },
};

function contents(doc: Doc): unknown {
  const text = doc.getText("text");
  return [text.toString(), text.toDelta(), doc.getMap("map").toJson(), doc.getArray("list").toJson()];
}

function told(event: SharedEvent, transaction: Transaction): unknown {
  const { target, delta, keys } = event;
  const all = shown({ type: target.type, path: event.path(), delta, keys }, transaction);
  event.free();
  return all;
}

/** Shared values inside what is told, by what they hold. */
function shown(value: unknown, transaction: Transaction): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, transaction));
  if ("toJson" in value) return { shared: (value as Shared).toJson(transaction) };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item, transaction)]));
}

/** Documents, observers that are called and let go, and calls that throw. */
export const ywasmRounds: Rounds<Ywasm, undefined> = {
  start:
    ({ YDoc, encodeStateAsUpdate, applyUpdate }) =>
    () => {
      const [doc, copy] = [new YDoc({ clientID: 7, guid: "seven" }), new YDoc({ clientID: 8, guid: "eight" })];
      const [text, map] = [doc.getText("text"), doc.getMap("map")];
      const observers = [
        text.observe((event, transaction) => {
          event.target.free();
          event.free();
          transaction.free();
        }),
        doc.onUpdate((update, transaction) => {
          applyUpdate(copy, update);
          transaction.free();
        }),
      ];
      text.insert(0, "héllo", { bold: true });
      map.set("key", { deep: [1, "x", null] });
      applyUpdate(copy, encodeStateAsUpdate(doc));
      outcome(() => {
        applyUpdate(copy, Uint8Array.of(1, 2, 3));
      });
      for (const one of [...observers, text, map, doc, copy]) one.free();
    },
};
