/** The JavaScript that wasm-bindgen's CLI printed for a build. Only this file runs any of it, to compare. */
import type { Bound } from "unglue";
import type { api } from "./api.ts";
import { type Build, host, realmFile, realmUrl } from "./built.ts";

/** The classes, by the package's own JavaScript or by the declared interface. */
export type RealmApi = Bound<(typeof api)["members"]>;

interface Glue extends RealmApi {
  readonly env: object;
  default(module: WebAssembly.Module): Promise<{ readonly memory: WebAssembly.Memory }>;
  initSync?(options: { readonly module: WebAssembly.Module }): { readonly memory: WebAssembly.Memory };
}

/**
 * Loads a build with its own JavaScript, as a new module each time: it has one instance in its variables. Its import of the host's
 * functions is a variable instead.
 *
 * @param build - The build.
 * @param models - The models in the host's store.
 * @param log - Receives the lines of the log.
 */
export async function loadGlue(
  { name, version }: Build,
  models: ReadonlyMap<number, Uint8Array>,
  log: string[] = [],
): Promise<RealmApi> {
  const printed = await textOf(`built/${name}.js`);
  const text = printed.replace(/^import \* as (\w+) from ['"]env['"];?$/gm, "const $1 = env;");
  const unique = `// ${Math.random()}`;
  const source = `export const env = {};\n${text}\n${unique}`;
  const address = `data:text/javascript,${encodeURIComponent(source)}`;
  const glue = (await import(/* @vite-ignore */ address)) as Glue;
  const buffer = () => begun.memory.buffer;
  const functions = host(
    () => ({
      f32: new Float32Array(buffer()),
      write: (address, data) => {
        new Uint8Array(buffer()).set(data as Uint8Array, Number(address));
      },
      readString: (address, length) =>
        new TextDecoder().decode(new Uint8Array(buffer(), Number(address), Number(length))),
    }),
    models,
    log,
  );
  Object.assign(glue.env, functions);
  const module = new WebAssembly.Module(await realmFile(`built/${name}.wasm`));
  const begun = version === "0.2.130" && glue.initSync ? glue.initSync({ module }) : await glue.default(module);
  return glue;
}

/** Reads a file of JavaScript. Vite would serve it with its imports resolved. */
async function textOf(path: string): Promise<string> {
  const url = realmUrl(path);
  if (url.protocol === "file:") return new TextDecoder().decode(await realmFile(path));
  return ((await import(/* @vite-ignore */ `${url.href}?raw`)) as { readonly default: string }).default;
}
