import { memberOf } from "../base/own.ts";
import type { BoundApi } from "../bind/index.ts";
import type { Resolved } from "../imports/index.ts";
import type { ImportShape, InstantiateOptions } from "../public/index.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import { type BindOptions, type BindTarget, calledOf } from "./bind-interface.ts";
import { type Chunks, fetchBinderExtras, fetchCCalling } from "./chunks.ts";
import type { Life } from "./life.ts";

/** The module, and the life whose imports are linked. */
export interface HostTarget extends Omit<BindTarget, "plans">, Pick<BindOptions, "allocator"> {
  readonly api: InstantiateOptions["api"];
  readonly bound: BoundApi | undefined;
  readonly life: Life;
}

/**
 * Fetches what links host functions, if it is not at hand. Errors: `chunk-unavailable`.
 *
 * @param chunks - The chunks at hand.
 */
export async function fetchHosting(chunks: Chunks): Promise<Pick<Chunks, "binderExtras" | "cCalling">> {
  const [binderExtras, cCalling] = await Promise.all([
    chunks.binderExtras ?? fetchBinderExtras(),
    chunks.cCalling ?? fetchCCalling(),
  ]);
  return { binderExtras, cCalling };
}

/** Whether imports are served by host functions, and the chunks that link them are not at hand. */
export function lacksHosting(resolved: readonly Resolved[], { binderExtras, cCalling }: Chunks): boolean {
  return !(binderExtras && cCalling) && resolved.some(({ host }) => host);
}

/**
 * Makes the functions of the imports that host functions serve. Errors: those of the `linkHosts` of the binder.
 *
 * @param resolved - The imports with their providers.
 * @param target - The module and the life.
 * @param chunks - The chunks, those of host functions included.
 * @returns The imports with values.
 */
export function linkHosts(
  resolved: readonly Resolved[],
  { api, bound, life, ...target }: HostTarget,
  { binderExtras, cCalling }: Chunks,
): readonly Resolved[] {
  if (!resolved.some(({ host }) => host)) return resolved;
  const hosts = resolved.flatMap(({ wanted, host }) => (host ? [{ wanted, given: host }] : []));
  if (!binderExtras || !cCalling) return resolved;
  const { shape, toolchain } = target;
  const known = toolchainNamed(toolchain);
  const { serves, ownsImports } = known?.adapter ?? {};
  const { instance } = life;
  const links = binderExtras.linkHosts(hosts, {
    ...calledOf(target, { cCalling }),
    allocator: target.allocator,
    isOwn: ({ module }: ImportShape) =>
      ownsImports?.test(module) ??
      (serves !== undefined && shape.imports.some((one) => one.module === module && serves.test(one.name))),
    hostsAsC: known?.convention !== "unknown",
    bound,
    api,
    of: {
      instance,
      guard: life.guard.wrap,
      memory: () => life.parts.cMemory,
      get exports() {
        return life.exports("the exports");
      },
    },
    adapterState: () => {
      life.exports("what the module's convention needs");
      return life.convention && memberOf(life.convention, "life");
    },
    failed: (error) => {
      life.hostError = error;
    },
    raise: life.ownCall(
      (error: unknown): never => {
        throw error;
      },
      undefined,
      false,
    ),
  });
  let at = 0;
  return resolved.map((one) => {
    const link = one.host ? links[at++] : undefined;
    return link ? one.linked(link.value, link.evidence) : one;
  });
}
