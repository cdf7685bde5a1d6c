import { signatureText } from "../../base/type-text.ts";
import { describe } from "../../errors/describe.ts";
import type { Adapter, ImportShape, ProvideContext } from "../../public/index.ts";
import { createBasic, encodeAll, exited } from "./basic.ts";
import type { SystemCall } from "./guest.ts";
import { isServed, moduleNames, typeOf } from "./names.ts";
import { consoleLines, createInput } from "./sinks.ts";

/**
 * Makes the adapter that provides the system interface where the caller does not: without arguments, environment, input and
 * files, and with the console as output. It sets no convention, so it serves beside the adapter of any toolchain.
 */
export function createAdapter(): Adapter {
  const lives = new WeakMap<ProvideContext, (module: string, name: string) => SystemCall>();
  const lifeOf = (context: ProvideContext): ((module: string, name: string) => SystemCall) => {
    const begun = lives.get(context);
    if (begun) return begun;
    let memory: WebAssembly.Memory | undefined;
    const streams = { 0: createInput(undefined), ...consoleLines(context.byMeaning) };
    const life = createBasic(
      { args: encodeAll(["main.wasm"]), env: [], streams },
      () => (memory ??= context.instance.memory.raw),
      exited,
    );
    lives.set(context, life);
    return life;
  };
  return {
    name: "wasi",
    detect({ imports }) {
      // Also a module of which nothing is served gets the hints.
      const found = imports.find(isServed) ?? imports.find(({ module }) => moduleNames.includes(module));
      return found && { evidence: [`import ${found.module}.${found.name}`] };
    },
    provide(wanted, context) {
      if (!isServed(wanted)) return undefined;
      const { module, name } = wanted;
      return {
        value: lifeOf(context)(module, name),
        evidence: evidenceOf(name),
        ...(name === "proc_exit" && { unwinds: true }),
      };
    },
    hint: (wanted) => (moduleNames.includes(wanted.module) ? notServed(wanted) : undefined),
  };
}

/** Tells why a function of WASI is not served. */
function notServed({ name, kind, type }: ImportShape): string {
  const known = typeOf(name);
  if (!known || kind !== "function" || !type)
    return (
      `WASI preview 1 has no function ${describe(name)}, so wasi() does not serve it. Build the module for wasm32-wasip1, or use ` +
      "the runtime that it was built for."
    );
  // A compiler that splits 64-bit numbers has two of 32 bits instead.
  const isSplit = type.params.join() === known.params.join().replaceAll("i64", "i32,i32");
  return (
    `WASI preview 1 has this function as ${signatureText(known)} and the module imports it as ${signatureText(type)}, so wasi() does ` +
    `not serve it. Build the module with ${isSplit ? "64-bit numbers whole (emcc -sWASM_BIGINT)" : "the declarations of preview 1"}.`
  );
}

/** Describes what an import does, since it is less than a program may expect. */
function evidenceOf(name: string): string {
  if (name.startsWith("args_")) return "WASI: no arguments but the program's name";
  if (name.startsWith("environ_")) return "WASI: an empty environment";
  if (/^(fd|path|sock)_/.test(name)) return "WASI: an empty input, output to the console, and no files";
  return "WASI";
}
