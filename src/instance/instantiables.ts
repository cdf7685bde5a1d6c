import { ownMembers } from "../base/own.ts";
import { builtinsOf } from "../options.ts";
import type {
  Adapter,
  BuiltinOptions,
  CompileSyncOptions,
  DescribingOptions,
  InstantiateOptions,
  Shape,
} from "../public/index.ts";
import { type Builtins, readBuiltins } from "../builtins/index.ts";
import { declarationMismatch, expandShape } from "../reflect/declaration.ts";
import { fingerprintOf } from "../reflect/fingerprint.ts";
import type { ReadShape } from "../reflect/index.ts";
import { describeModule } from "../source/describe-module.ts";
import { fetchAdapters, inform } from "../toolchains/adapters.ts";
import { advise } from "../toolchains/advice.ts";
import { identifyCompiled } from "../toolchains/identify.ts";
import { type Compiled, withAdapter } from "./adapt.ts";
import type { Instantiable } from "./instantiate.ts";

/** A compiled module, with what was read of it. */
export interface Described extends Compiled {
  /** Whether none of its bytes were read. */
  readonly isBare: boolean;
}

/** The options that decide which adapter serves an instance, and what it knows. */
type Deciding = BuiltinOptions & Pick<InstantiateOptions, "fingerprint" | "known" | "shape" | "toolchain">;

/** A compiled module in the forms that its instances share: one for each toolchain and each set of facts. */
export interface Instantiables {
  /** The form without options of an instance. */
  readonly first: Instantiable;
  /** Refuses a declaration of another module. Errors: `declaration-mismatch`, `invalid-option`. */
  refuseForeign(options: Deciding): void;
  /** Returns the form for an instance. Errors: those of `refuseForeign` and of adapters. */
  of(options: Deciding): Instantiable;
  /** The same, but fetches the adapter. Errors: also `chunk-unavailable`. */
  fetch(options: Deciding): Promise<Instantiable>;
}

/**
 * Makes the forms of a compiled module. Errors: those of adapters.
 *
 * @param compiled - The module.
 * @param adapters - The adapters at hand.
 * @param given - The options that it was compiled with.
 */
export function createInstantiables(
  compiled: Described,
  adapters: readonly Adapter[] = [],
  given: CompileSyncOptions,
): Instantiables {
  const forms = new WeakMap<Compiled, WeakMap<object, Map<string | undefined, Instantiable>>>();
  const described = new WeakMap<object, Map<string, Compiled>>();
  let fingerprint: string | undefined;

  const formsOf = (base: Compiled, facts: object): Map<string | undefined, Instantiable> => {
    const byFacts = forms.get(base) ?? new WeakMap<object, Map<string | undefined, Instantiable>>();
    const byToolchain = byFacts.get(facts) ?? new Map<string | undefined, Instantiable>();
    forms.set(base, byFacts.set(facts, byToolchain));
    return byToolchain;
  };
  /** Returns the module, with the types of the shape that is given with an instance if it has none. */
  const baseOf = (options: Deciding): Compiled => {
    if (!compiled.isBare) {
      if (options.fingerprint === undefined || options.fingerprint === given.fingerprint) return compiled;
      fingerprint ??= fingerprintOf(compiled.shape);
      if (fingerprint !== options.fingerprint) throw declarationMismatch(compiled.shape, options, fingerprint);
      return compiled;
    }
    const { shape } = options;
    if (!shape || shape === given.shape) return compiled;
    const byBuiltins = described.get(shape) ?? new Map<string, Compiled>();
    const key = JSON.stringify(builtinsOf(options));
    const known = byBuiltins.get(key) ?? describe(compiled.module, options, readBuiltins(options));
    described.set(shape, byBuiltins.set(key, known));
    return compiled.shape.complete ? compiled : known;
  };
  const decide = (options: Deciding) => {
    const { toolchain = given.toolchain, known = given.known } = options;
    const base = baseOf(options);
    const deciding = ownMembers({ ...(toolchain !== undefined && { toolchain }), ...(known && { known }) });
    return { base, deciding, made: formsOf(base, known ?? none).get(toolchain) };
  };
  const make = (base: Compiled, atHand: readonly Adapter[], deciding: Deciding): Instantiable => {
    const made = withAdapter(base, atHand, deciding);
    formsOf(base, deciding.known ?? none).set(deciding.toolchain, made);
    return made;
  };
  const none = {};
  const of = (options: Deciding): Instantiable => {
    const { base, deciding, made } = decide(options);
    return made ?? make(base, inform(adapters, deciding), deciding);
  };
  return {
    first: of(given),
    refuseForeign: (options) => void baseOf(options),
    of,
    async fetch(options) {
      const { base, deciding, made } = decide(options);
      if (made) return made;
      return make(base, await fetchAdapters(base.shape, { adapters, ...deciding }, { isShared: true }), deciding);
    },
  };
}

/** Fails with `declaration-mismatch` if a module that was read from its bytes is not the one that was declared. */
export function refuseForeign(shape: ReadShape, options: DescribingOptions): void {
  if (options.fingerprint === undefined) return;
  const found = fingerprintOf(shape);
  if (found !== options.fingerprint) throw declarationMismatch(shape, options, found);
}

/** Reads the shape of a compiled module again, with its types. */
function describe(
  module: WebAssembly.Module,
  { fingerprint, shape }: Deciding,
  builtins: Builtins | undefined,
): { module: WebAssembly.Module; shape: Shape } {
  const options = ownMembers({ ...(fingerprint !== undefined && { fingerprint }), ...(shape && { shape }) });
  const { given, ...read } = describeModule(
    module,
    options,
    { limiter: undefined, builtins },
    { declarationMismatch, expandShape },
  );
  return { module, shape: given ?? advise(identifyCompiled({ ...read, given })) };
}
