// A page: every kind of source that a browser has, download options, and the engine's own objects.
import { compile, inspect, load, type Progress, type Shape, UnglueError } from "unglue";

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
