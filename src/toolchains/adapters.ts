import { hasMembers, memberOf, ownValue } from "../base/own.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { Adapter, ImportShape, LoadOptions, Shape } from "../public/index.ts";
import { toolchainNamed, toolchains } from "./registry.ts";
import { withoutAdapter } from "./way-in.ts";

/**
 * Tells the adapters what is known of a module, if they are of the toolchain that it names. Errors: those of an adapter.
 *
 * @param adapters - The adapters.
 * @param options - The caller's.
 */
export function inform(
  adapters: readonly Adapter[],
  { known, fingerprint }: Pick<LoadOptions, "fingerprint" | "known">,
): readonly Adapter[] {
  if (!known) return adapters;
  const isIdentified = fingerprint !== undefined;
  return adapters.map(
    (one) =>
      (one.name === known.toolchain ? memberOf(one, "withKnown")?.call(one, known, isIdentified) : undefined) ?? one,
  );
}

/** Whether an adapter sets the convention of the modules that it knows. */
export function setsConvention(adapter: Adapter): boolean {
  return memberOf(adapter, "attach") !== undefined || memberOf(adapter, "calling") !== undefined;
}

/**
 * Refuses an adapter that another option of the same call drops. One that only provides imports is kept. Errors:
 * `invalid-option`.
 *
 * @param call - The call.
 * @param options - Its options.
 */
export function refuseDropped(
  call: string,
  { adapters, toolchain }: Pick<LoadOptions, "adapters" | "toolchain">,
): void {
  if (toolchain !== withoutAdapter || !adapters?.some(setsConvention)) return;
  throw invalidOption(
    call,
    "adapters",
    'left out with toolchain: "c", which says that none serves the module',
    adapters,
  );
}

/** The caller's options that decide about adapters. */
type AdapterOptions = Pick<LoadOptions, "adapters" | "fingerprint" | "imports" | "known" | "toolchain">;

/** Facts about the instances that adapters are fetched for, which the options alone do not tell. */
interface Asked {
  /** Whether the adapter is for instances whose options are not known yet. */
  readonly isShared: boolean;
}

/**
 * Fetches the adapter of a module's toolchain, unless a given adapter sets its convention, or the one that the caller names; and
 * those of the system interfaces that the module imports. They then fetch what they need. Errors: `chunk-unavailable`,
 * `invalid-option`.
 *
 * @param identified - The module's shape, with or without its advice.
 * @param options - The caller's.
 * @param asked - Whether other instances will share the adapters.
 * @returns The adapters at hand, which know what is known of the module.
 */
export async function fetchAdapters(
  identified: Omit<Shape, "advice">,
  options: AdapterOptions,
  { isShared }: Asked,
): Promise<readonly Adapter[]> {
  if (!isShared) refuseDropped("load", options);
  const mayHost = isShared || options.imports !== undefined;
  const given = inform(options.adapters ?? [], options);
  const shape: Shape = { ...identified, advice: [] };
  const [own, systems] = await Promise.all([fetchOwn(shape, given, mayHost, options), fetchSystems(shape, options)]);
  return [...given, ...own, ...systems];
}

/** Prepares the given adapters, and fetches the one that sets the convention if that is none of them. */
async function fetchOwn(
  shape: Shape,
  given: readonly Adapter[],
  mayHost: boolean,
  options: AdapterOptions,
): Promise<readonly Adapter[]> {
  const { toolchain: chosen } = options;
  const prepare = async (adapter: Adapter): Promise<void> => memberOf(adapter, "prepare")?.call(adapter, shape);
  const detecting = given.filter((one) =>
    chosen === undefined || !setsConvention(one) ? one.detect(shape) : one.name === chosen,
  );
  await Promise.all(detecting.map(prepare));
  if (detecting.some(setsConvention)) return [];
  // The shape may come from the caller and be incomplete.
  const { toolchain } = shape as Partial<Shape>;
  const name = chosen ?? toolchain?.name;
  if (name === undefined || name === withoutAdapter) return [];
  const fetched = await toolchainNamed(name)?.adapter?.fetch(shape, options.known !== undefined, mayHost);
  if (!fetched && chosen !== undefined) throw adapterMissing(chosen, given);
  const [adapter] = fetched ? inform([fetched], options) : [];
  if (adapter) await prepare(adapter);
  return adapter ? [adapter] : [];
}

/** Fetches the adapters of the system interfaces that a module imports and the caller does not give. */
async function fetchSystems({ imports }: Shape, { imports: given }: AdapterOptions): Promise<readonly Adapter[]> {
  const isGiven = ({ module, name }: ImportShape): boolean => {
    const group = typeof given === "object" ? ownValue(given, module) : undefined;
    return hasMembers(group) && ownValue(group, name) !== undefined;
  };
  const needed = toolchains.flatMap(({ system }) =>
    system && imports.some((one) => system.serves.test(`${one.module}.${one.name}`) && !isGiven(one)) ? [system] : [],
  );
  return Promise.all(needed.map((system) => system.fetch()));
}

/**
 * Makes the error for an adapter that is named and not at hand.
 *
 * @param name - The name.
 * @param given - The adapters at hand.
 */
export function adapterMissing(name: string, given: readonly Adapter[]): UnglueError<"invalid-option"> {
  const chunk = toolchainNamed(name)?.adapter;
  const own = toolchains.flatMap((one) => (one.adapter ? [one.name] : []));
  const names = [...new Set([withoutAdapter, ...given.map((one) => one.name), ...own])];
  const expected = chunk
    ? `the name of an adapter at hand, and a synchronous call needs it given: ${chunk.importLine} and adapters: [${chunk.call}]`
    : `one of ${names.map((one) => JSON.stringify(one)).join(", ")}`;
  return invalidOption("load", "toolchain", expected, name);
}
