import type { Adapter, ProvideContext } from "../../public/index.ts";
import { createBasic, encodeAll, exited } from "./basic.ts";
import type { SystemCall } from "./guest.ts";
import { functionNames, isServed, moduleNames } from "./names.ts";
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
      const found = imports.find(isServed);
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
    hint(wanted) {
      if (!moduleNames.includes(wanted.module) || !functionNames.includes(wanted.name)) return undefined;
      return (
        "WASI has a function of this name and another type. A compiler that splits 64-bit numbers makes such imports: build with " +
        "them whole (emcc -sWASM_BIGINT)."
      );
    },
  };
}

/** Describes what an import does, since it is less than a program may expect. */
function evidenceOf(name: string): string {
  if (name.startsWith("args_")) return "WASI: no arguments but the program's name";
  if (name.startsWith("environ_")) return "WASI: an empty environment";
  if (/^(fd|path|sock)_/.test(name)) return "WASI: an empty input, output to the console, and no files";
  return "WASI";
}
