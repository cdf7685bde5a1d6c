// An engine of which nothing but the language is known: no DOM, no Node.
import { createLedger, type Ledger } from "unglue/ledger";
import { offload } from "unglue/offload";
import {
  type AllocationObserver,
  inspect,
  type Instance,
  load,
  loadSync,
  type Memory,
  type ObjectOf,
  type ResponseLike,
  t,
  type Table,
  trampolineBytes,
  UnglueError,
} from "unglue";

export async function greet(bytes: Uint8Array): Promise<string> {
  const wasm = await load<{ greet(address: number, length: number): number }>(bytes, {
    imports: { "wasm_on_*": { "*": () => 0 } },
    limits: { memoryPages: 16 },
    warn: (message: string) => message.length,
  });
  const memory: Memory = wasm.memory;
  const table: Table = wasm.table;
  const index = wasm.callback("->", () => undefined);
  try {
    return memory.arena((arena) => {
      const { address, length } = arena.string("world");
      return memory.readString(wasm.guarded.greet(address, length), "nul");
    });
  } catch (error) {
    if (UnglueError.is(error, "missing-import-called")) return error.details.type?.params.join() ?? error.message;
    if (UnglueError.is(error)) return error.code;
    throw error;
  } finally {
    table.set(index, null);
    wasm[Symbol.dispose]();
  }
}

export const fetched = (respond: (url: string) => Promise<ResponseLike>): Promise<Instance> =>
  load("https://example.com/a.wasm", {
    fetch: (input, { integrity }) => respond(`${typeof input === "string" ? input : input.url}#${integrity ?? ""}`),
  });

export const names = (bytes: ArrayBuffer): string[] => inspect(bytes, { names: true }).exports.map(({ name }) => name);

export const add = (bytes: ArrayBuffer): unknown => loadSync(bytes).exports["add"]?.(1, 2);

export const trampoline: Uint8Array = trampolineBytes("ii->i");

export const ledger: Ledger = createLedger();

/** Tells each allocation's size and leaves the rest to the ledger. */
export const telling = (tell: (bytes: number) => void): AllocationObserver => ({
  follow: (instance) => {
    const log = ledger.follow(instance);
    return {
      ...log,
      allocated(address, size, align) {
        tell(size);
        log.allocated(address, size, align);
      },
    };
  },
});

export const audited = (bytes: ArrayBuffer): Instance => loadSync(bytes, { ledger: telling(() => undefined) });

export const elsewhere = async (bytes: ArrayBuffer): Promise<string> => {
  const wasm = await offload(bytes, { api: t.api({ greet: t.fn([t.string], t.string) }) });
  return wasm.api.greet("world");
};

/** Host functions and objects, with the types that follow from their declarations. */
const api = t.api({
  Counter: t.class({ new: t.ctor([t.param("value", t.u32)]), value: t.getter(t.u32) }),
  find: t.fn([t.param("key", t.string), t.param("found", t.out(t.bool))], t.i32),
});

export const typed = async (bytes: ArrayBuffer, settings: ReadonlyMap<string, string>): Promise<number> => {
  const get = t.host(
    [t.param("key", t.string), t.buffer(t.cstring), t.length(1)],
    t.length(1, t.i32),
    (key, capacity) => settings.get(key)?.slice(0, capacity) ?? "",
    { error: -1 },
  );
  const wasm = await load(bytes, { api, imports: { env: { get } } });
  const counter: ObjectOf<typeof api, "Counter"> = new wasm.api.Counter(1);
  const [code, isFound]: [number, boolean] = wasm.api.find("key");
  return isFound ? code + counter.value : 0;
};
