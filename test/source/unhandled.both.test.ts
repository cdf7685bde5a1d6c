import { compile, load, type LoadOptions } from "unglue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wat } from "../wat.ts";

// However a load ends, nothing of what it began may be rejected where nobody hears of it: Node ends the process then.
const bytes = await wat(`(module (memory (export "m") 1) (func (export "f")))`);
const magic = bytes.slice(0, 20);
const zipped = new Uint8Array(
  await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
);
const wasmType = { "Content-Type": "application/wasm" };

/** The primitives that everything below fails with: they have no stack and no class. */
const reason = 7 as unknown as Error;
const failing = () => Promise.reject(reason);

/** A stream of some bytes that fails after them, and when it is cancelled. */
const streamOf = (...chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (!chunk) throw reason;
      controller.enqueue(chunk);
    },
    cancel: failing,
  });
};
const blob = (members: object) => ({ type: "", size: 20, arrayBuffer: failing, ...members });
const response = (members: object) => ({
  ...{ ok: true, status: 200, statusText: "", url: "", headers: new Headers(wasmType), arrayBuffer: failing },
  ...members,
});

const sources: Record<string, () => unknown> = {
  "bytes of something else": () => new Uint8Array(20),
  "bytes that are cut short": () => magic.slice(),
  "a promise": failing,
  "a function": () => failing,
  "a blob": () => blob({}),
  "a blob that is too large": () => blob({ size: 2 ** 40 }),
  "a blob of a stream": () => blob({ stream: () => streamOf(magic) }),
  "a blob of a stream that is too large": () => blob({ size: 2 ** 40, stream: () => streamOf(magic) }),
  "a stream": () => streamOf(),
  "a stream of a head": () => streamOf(magic),
  "a stream of a module": () => streamOf(bytes),
  "a stream of something else": () => streamOf(new Uint8Array(20), bytes),
  "a stream under gzip": () => streamOf(zipped.slice(0, 30)),
  "a stream of damaged gzip": () => streamOf(Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
  "a response of nothing": () => response({}),
  "a response that is too large": () => response({ headers: new Headers({ ...wasmType, "Content-Length": "999999" }) }),
  "a response of a stream": () => response({ body: streamOf(magic) }),
  "a response with a failure's status": () => response({ ok: false, body: streamOf(magic) }),
  "the platform's response": () => new Response(streamOf(), { headers: wasmType }),
  "the platform's response of a head": () => new Response(streamOf(magic), { headers: wasmType }),
  "the platform's response of a module": () => new Response(streamOf(bytes), { headers: wasmType }),
  "the platform's response of something else": () => new Response(streamOf(new Uint8Array(20)), { headers: wasmType }),
  "the platform's response under gzip": () => new Response(streamOf(zipped.slice(0, 30)), { headers: wasmType }),
  "the platform's response without a type": () => new Response(streamOf(magic)),
  "the platform's response with a failure's status": () => new Response(streamOf(magic), { status: 500 }),
};

const settings: readonly ((ended: AbortController) => LoadOptions)[] = [
  () => ({
    onProgress: () => {
      throw reason;
    },
  }),
  () => ({ integrity: `sha256-${btoa("x".repeat(32))}` }),
  () => ({ limits: { bytes: 10 } }),
  () => ({ limits: { memoryPages: 0, bytes: 10 ** 5 } }),
  () => ({ retry: { attempts: 2, delay: 0 } }),
  ({ signal }) => ({ signal }),
];

const unhandled: unknown[] = [];
const keep = (given: unknown): void => void unhandled.push(given);
const hear = ({ reason }: { readonly reason: unknown }): void => keep(reason);
const node = (globalThis as { readonly process?: Partial<NodeJS.Process> }).process;

beforeEach(() => {
  if (node?.on) node.on("unhandledRejection", keep);
  else addEventListener("unhandledrejection", hear as never);
});

afterEach(() => {
  if (node?.off) node.off("unhandledRejection", keep);
  else removeEventListener("unhandledrejection", hear as never);
});

/** A rejection is known to be nobody's a task after it. */
const later = () => new Promise((resolve) => setTimeout(resolve));

describe.each(Object.keys(sources))("%s that fails", (name) => {
  it("leaves no rejection to nobody, with any options", async () => {
    const make = sources[name]!;
    let loads = 0;
    for (let chosen = 0; chosen < 2 ** settings.length; chosen++) {
      const stop = new AbortController();
      const options: LoadOptions = Object.assign(
        {},
        ...settings.filter((_, at) => (chosen >> at) & 1).map((one) => one(stop)),
      );
      const ways = [
        () => load(make() as never, options),
        () => compile(() => make() as never, options),
        () => load("https://unglue.test/app.wasm", { ...options, fetch: (async () => make()) as never }),
      ];
      for (const way of ways) {
        const loading = way();
        const ended = loading.then(
          () => true,
          () => true,
        );
        if (chosen % 3 === 0) stop.abort(reason);
        if (chosen % 3 === 1) void Promise.resolve().then(() => stop.abort(reason));
        expect(await ended).toBe(true);
        loads++;
      }
      await later();
      expect([chosen, unhandled.splice(0)]).toEqual([chosen, []]);
    }
    expect(loads).toBe(3 * 2 ** settings.length);
  });
});
