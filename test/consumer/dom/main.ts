// A page: every kind of source that a browser has, download options, and the engine's own objects.
import { compile, inspect, load, type Progress, type Shape, t, UnglueError } from "unglue";
import { offload, type RemoteObjectOf } from "unglue/offload";
import { load as loadWhole, type Instance as WholeInstance } from "unglue/whole";

/** A service worker: the same types, from one file. */
export const whole: Promise<WholeInstance> = loadWhole("/app.wasm", { onTrap: "restart" });

interface Sorter {
  sort(address: number, count: number, compare: number): void;
  readonly memory: WebAssembly.Memory;
}

export async function sort(values: Int32Array, signal: AbortSignal): Promise<Int32Array> {
  const wasm = await load<Sorter>(new URL("sort.wasm", document.baseURI), {
    imports: (instance) => ({
      env: {
        log: (address: number, length: number) => console.log(instance.memory.readString(address, length)),
        memory: new WebAssembly.Memory({ initial: 1 }),
        base: new WebAssembly.Global({ value: "i32", mutable: true }, 0),
      },
    }),
    missing: { "env.debug_*": "zero", "*": "error" },
    signal,
    fetch,
    onProgress: ({ loaded, total }: Progress) => console.log(total === undefined ? loaded : loaded / total),
  });
  const compare = wasm.callback("ii->i", (a, b) => a - b);
  try {
    return wasm.memory.arena((arena) => {
      const { address } = arena.bytes(values);
      wasm.exports.sort(address, values.length, compare);
      const raw: WebAssembly.Memory = wasm.memory.raw;
      return new Int32Array(raw.buffer.slice(address, address + values.byteLength));
    });
  } catch (error) {
    if (UnglueError.is(error, "trap")) console.error(error.details.export, error.cause);
    throw error;
  } finally {
    wasm.freeCallback(compare);
    wasm.dispose();
  }
}

export async function shapes(file: File, response: Response, request: Request): Promise<readonly Shape[]> {
  const fromModule = await compile(await WebAssembly.compile(await file.arrayBuffer()));
  const modules = await Promise.all([compile(file), compile(response), compile(request), compile(file.stream())]);
  const engine: WebAssembly.Module = fromModule.raw;
  console.log(WebAssembly.Module.exports(engine));
  return [inspect(await file.arrayBuffer()), ...modules.map(({ shape }) => shape)];
}

const hashing = t.api({
  Hasher: t.class({ new: t.ctor([t.u32]), update: t.method([t.bytes], t.void), digest: t.getter(t.u64) }),
});

type Hasher = RemoteObjectOf<typeof hashing.members, "Hasher">;

export async function hash(file: File, signal: AbortSignal): Promise<bigint> {
  const wasm = await offload(new URL("hash.wasm", document.baseURI), { api: hashing, signal, timeout: 1000 });
  const hasher: Hasher = await wasm.api.Hasher.new(1);
  const bytes = new Uint8Array(await file.arrayBuffer());
  await wasm
    .with({ transfer: [bytes.buffer], signal })
    .of(hasher)
    .update(bytes);
  const digest = await hasher.digest();
  await hasher.free();
  await wasm.dispose();
  return digest;
}
