import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** A search index. */
export interface VoyIndex {
  serialize(): string;
  index(resource: unknown): void;
  search(query: Float32Array, count: number): unknown;
  add(resource: unknown): void;
  remove(resource: unknown): void;
  clear(): void;
  size(): number;
  free(): void;
}

/** The exports of voy-search. */
export interface Voy {
  readonly Voy: (new (resource?: unknown) => VoyIndex) & { deserialize(text: string): VoyIndex };
  index(resource: unknown): string;
  search(index: string, query: Float32Array, count: number): unknown;
  add(index: string, resource: unknown): string;
  remove(index: string, resource: unknown): string;
  clear(index: string): string;
  size(index: string): number;
}

/** The vectors of 768 numbers that this build takes. */
const vector = (seed: number) => Array.from({ length: 768 }, (_, at) => Math.sin(seed * (at + 1)));
const titles = ["Köln", "東京 🚀", "", "\u0000\u2028", "plain"];
const resource = {
  embeddings: titles.map((title, at) => ({ id: String(at), title, url: `/${at}`, embeddings: vector(at + 1) })),
};
const more = { embeddings: [{ id: "9", title: "more", url: "/9", embeddings: vector(9) }] };
const query = Float32Array.from(vector(2));

/** The scenario of voy-search. */
export const voyScenario: Scenario<Voy, undefined> = {
  "searches an index that is an object": ({ Voy }) => {
    const voy = new Voy(resource);
    const results: unknown[] = [voy.size(), voy.search(query, 3)];
    voy.add(more);
    results.push(voy.size(), voy.search(Float32Array.from(vector(9)), 1));
    const again = Voy.deserialize(voy.serialize());
    results.push(again.size(), again.search(query, 2));
    voy.remove(more);
    results.push(voy.size());
    voy.clear();
    results.push(voy.size());
    for (const one of [voy, again]) one.free();
    return results;
  },

  "searches an index that is a text": ({ index, search, add, remove, clear, size }) => {
    const text = index(resource);
    const added = add(text, more);
    return [
      size(text),
      search(text, query, 3),
      ...[size(added), search(added, query, 6), size(remove(added, more)), size(clear(added))],
    ];
  },

  "is empty without a resource, until it has one": ({ Voy }) => {
    const [none, one] = [new Voy(), new Voy(undefined)];
    one.index(resource);
    const results = [none.size(), one.size(), one.search(query, 1)];
    for (const index of [none, one]) index.free();
    return results;
  },

  "throws for what is no resource": ({ index }) =>
    [undefined, null, 5, "text", {}, { embeddings: 5 }, { embeddings: [{ id: 1 }] }, [undefined]].map((value) =>
      outcome(() => index(value)),
    ),
};

/** Objects, an optional value and arrays of numbers. */
export const voyRounds: Rounds<Voy, undefined> = {
  start:
    ({ Voy, index }) =>
    () => {
      const [voy, empty] = [new Voy(more), new Voy()];
      voy.search(query, 2);
      for (const one of [voy, empty]) one.free();
      outcome(() => index({ embeddings: [{ id: 1 }] }));
    },
};
