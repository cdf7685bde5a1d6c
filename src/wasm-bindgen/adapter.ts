import { UnglueError } from "../errors.ts";
import { signatureText } from "../reflect/index.ts";
import type { Adapter, Advice, ImportShape, ProvideContext, Shape } from "../types/index.ts";
import { readAbi } from "./abi.ts";
import type { Identify } from "../known/index.ts";
import { beginLife, type Life } from "./life.ts";
import type { WasmBindgenOptions } from "./options.ts";
import { makePlan, type Plan } from "./plan.ts";

/**
 * Makes the adapter for modules of wasm-bindgen 0.2.68 and later, as its CLI writes them.
 *
 * @param identify - What is known of imports by name and hash.
 * @param options - What the user states.
 */
export function createAdapter(identify: (shape: Shape) => Identify, options: WasmBindgenOptions = {}): Adapter {
  // What is worked out for a module is used by each of its instances, and let go with it.
  const plans = new WeakMap<Shape, Plan>();
  const lives = new WeakMap<ProvideContext, Life>();
  const planOf = (shape: Shape): Plan => {
    const known = plans.get(shape);
    if (known) return known;
    refuseUnsupported(shape);
    const made = makePlan(shape, identify(shape), options);
    plans.set(shape, made);
    return made;
  };
  const lifeOf = (context: ProvideContext): Life => {
    const known = lives.get(context);
    if (known) return known;
    const made = beginLife(planOf(context.shape).abi, context);
    lives.set(context, made);
    return made;
  };
  const plannedFor = (wanted: ImportShape, { shape }: ProvideContext) => planOf(shape).imports.get(wanted);
  return {
    name: "wasm-bindgen",
    detect: ({ toolchain }) => (toolchain.name === "wasm-bindgen" ? toolchain : undefined),
    provide(wanted, context) {
      const planned = plannedFor(wanted, context);
      if (!planned || !("make" in planned)) return undefined;
      return { value: planned.make(lifeOf(context).runtime), evidence: planned.evidence };
    },
    hint(wanted, context) {
      const planned = plannedFor(wanted, context);
      return planned && "hint" in planned ? planned.hint : undefined;
    },
    advise: (shape) => adviceFor(shape, options),
    attach: (_, context) => lifeOf(context).convention,
  };
}

/** What only the generated JavaScript knows: which export runs the closures that an import makes. */
function adviceFor(shape: Shape, { closures = {} }: WasmBindgenOptions): readonly Advice[] {
  const wrappers = shape.imports.filter(
    ({ name }) => name.startsWith("__wbindgen_closure_wrapper") && !Object.hasOwn(closures, name),
  );
  if (wrappers.length === 0) return [];
  const candidates = readAbi(shape).shims.map(({ name, type }) => `${name} ${signatureText(type)}`);
  return [
    {
      code: "closures",
      message:
        `${wrappers.map(({ name }) => name).join(", ")} make closures, and the module does not tell which export runs them. ` +
        `State it in the adapter's option \`closures\`. The candidates: ${candidates.join("; ") || "none"}.`,
    },
  ];
}

function refuseUnsupported({ advice, imports }: Shape): void {
  const unprocessed = advice.find(({ code }) => code === "unprocessed");
  if (unprocessed) {
    throw new UnglueError("unsupported-module", unprocessed.message, {
      toolchain: "wasm-bindgen",
      feature: "unprocessed",
    });
  }
  if (imports.some((wanted) => wanted.kind === "memory" && wanted.type?.shared)) {
    throw new UnglueError(
      "unsupported-module",
      "This wasm-bindgen module was built for threads: it imports a shared memory and starts workers of its own. That is not " +
        "supported. Build it without the target features atomics and bulk-memory, and make an instance in each worker.",
      { toolchain: "wasm-bindgen", feature: "threads" },
    );
  }
}
