import { once } from "../../base/once.ts";
import { messageOf } from "../../errors/caught.ts";
import type { Adapter, Convention, ExportedFunction, ProvideContext } from "../../public/index.ts";
import { checkOptions } from "./check.ts";
import type { GoOptions } from "./options.ts";
import { ownExports, requireProgram, runtimeModule } from "./require-program.ts";
import { prepare, type Prepared } from "./surroundings.ts";
import { go as toolchain } from "./toolchain.ts";

/**
 * Makes the adapter for Go programs: it starts each life of an instance, and its `api` is the program's global object. Errors:
 * `invalid-option`, `unknown-option`.
 *
 * @param given - The program's surroundings.
 */
export function createGo(given: GoOptions | undefined): Adapter {
  const options = checkOptions("go", given);
  const lives = new WeakMap<ProvideContext, Prepared>();
  const lifeOf = (context: ProvideContext): Prepared => {
    const known = lives.get(context);
    if (known) return known;
    requireProgram(context.shape);
    const prepared = createLife(context);
    lives.set(context, prepared);
    return prepared;
  };

  const createLife = (context: ProvideContext): Prepared => {
    const exported = (name: string): ExportedFunction => context.exports()[name] as ExportedFunction;
    // Wrapped once, because it is called for each event.
    const resume = once(() => context.guard("resume", exported("resume")));
    const prepared = prepare(
      options,
      {
        memory: () => context.exports()["mem"] as WebAssembly.Memory,
        run: (count, list) => void context.guard("run", exported("run"))(count, list),
        resume: () => void resume()(),
        stackPointer: () => exported("getsp")() as number,
        isLibrary: ownExports(context.shape).length > 0,
      },
      context.limits?.handles,
      {
        exited(exitCode) {
          close(prepared, context);
          if (exitCode !== 0) context.warn(`The Go program has ended with the exit code ${exitCode}.`);
        },
        failed(error, isKnown) {
          close(prepared, context);
          if (!isKnown) context.warn(`The Go program has failed: ${messageOf(error)}`);
        },
      },
    );
    return prepared;
  };

  return {
    name: toolchain.name,

    detect({ imports }) {
      const found = imports.find(({ module }) => module === runtimeModule);
      return found && { evidence: [`import ${found.module}.${found.name}`] };
    },

    provide({ module, name, kind }, context) {
      if (module !== runtimeModule || kind !== "function") return undefined;
      const value = lifeOf(context).imports.get(name);
      const unwinds = toolchain.unwinds?.test(`${module}.${name}`) ?? false;
      return value && { value, evidence: "Go's runtime", unwinds };
    },

    hint: ({ module }) => (module === runtimeModule ? unknownImport : undefined),

    attach: (_, context) => attach(lifeOf(context)),
  };
}

const unknownImport =
  "It is no part of Go's runtime as this library knows it. Update unglue, or pass go.importObject of the wasm_exec.js of that " +
  "version of Go.";

function attach({ life }: Prepared): Convention {
  return {
    register() {
      life.begin();
      life.refuseFailed();
      return life.globals.object;
    },
    ended(refusal) {
      life.end(() => refusal("resume"));
    },
  };
}

/** Gives the caller's streams back. */
function close({ streams }: Prepared, { warn }: ProvideContext): void {
  streams.end().catch((error: unknown) => warn(`A standard stream of the Go program has failed: ${messageOf(error)}`));
}
