import { invalidOption } from "../../errors/invalid.ts";
import { loadError } from "../../errors/load-error.ts";
import { importText } from "../../errors/describe.ts";
import { cannotSuspend, canSuspend } from "../../base/suspending.ts";
import { typeText } from "../../base/type-text.ts";
import type { Calling, Hosting, ImportFunction, ImportShape, LifeContext } from "../../public/index.ts";
import { expectMemory } from "../allocation.ts";
import type { ApiContext, BoundApi } from "../api.ts";
import { type Conventions, createConventions, ofC } from "../conventions.ts";
import { allocatorMissing } from "../allocator-missing.ts";
import { conventionUnavailable } from "../convention-missing.ts";
import { isNumeric } from "../expect-convention.ts";
import type { BindContext } from "../index.ts";
import { declaredSignatureText } from "../types/types.ts";
import { createHostCall, type HostLife } from "./call.ts";
import { check, type Hosted } from "./check.ts";
import { type HostPlan, planHost } from "./plan.ts";
import { type HostNode, readHost } from "./read.ts";

/** An import, and the host function that was given for it. */
export interface HostRequest {
  readonly wanted: ImportShape;
  readonly given: object;
}

/** The function for an import, with the declaration for the report. */
export interface HostLink {
  readonly value: ImportFunction;
  readonly evidence: string;
}

/** The module and the life whose imports are linked. */
export interface HostContext extends Omit<BindContext, "isIdentified" | "plans" | keyof ApiContext> {
  /** Whether an import is the toolchain's own, for a module without its adapter. */
  readonly isOwn: (wanted: ImportShape) => boolean;
  /** Whether C's convention serves the imports that are not the toolchain's own. */
  readonly hostsAsC: boolean;
  /** The bound interface, and the one that was declared. */
  readonly bound: BoundApi | undefined;
  readonly api: object | undefined;
  readonly of: Omit<LifeContext, "objects">;
  /** Returns the state of the adapter's convention. Errors: `not-ready`. */
  readonly adapterState: () => unknown;
  /** Keeps the error of a call that returned an error value. */
  readonly failed: (error: unknown) => void;
  /** Throws, as a function that the module called. */
  readonly raise: (error: unknown) => never;
}

/**
 * Makes the functions of the imports that host functions serve, for one life. Errors: `import-mismatch`, `needs-bytes`,
 * `convention-unavailable`, `no-allocator`, `invalid-option`.
 *
 * @param requests - The imports.
 * @param context - The module and the life.
 */
export function linkHosts(requests: readonly HostRequest[], context: HostContext): HostLink[] {
  const conventions = createConventions(context);
  const states = new Map<Calling, () => unknown>();
  const stateOf = (calling: Calling): (() => unknown) => {
    const known = states.get(calling);
    if (known) return known;
    let state: unknown;
    const { begin } = calling;
    const { bound, of } = context;
    // The start function may call imports before the life begins.
    const make = begin ? () => (state ??= begin(lifeContext(of, bound?.inner ?? noObjects))) : context.adapterState;
    states.set(calling, make);
    return make;
  };
  return requests.map(({ wanted, given }) => {
    const { hosted, calling, declared } = linkOne(wanted, given, conventions, context);
    const { instance } = context.of;
    const life: HostLife = {
      instance,
      state: stateOf(calling),
      failed: context.failed,
      suspension: () => context.bound?.suspension,
      raise: context.raise,
    };
    return {
      value: createHostCall(hosted, life),
      evidence: `declared ${declared} by ${calling.name}'s convention`,
    };
  });
}

const askExtras = () => ({ allocatorMissing });

/** A context without the objects of an interface: nothing that is planned without one asks for them. */
const noObjects = {
  lift: () => ({}),
  lower: () => 0,
} satisfies LifeContext["objects"];

function linkOne(
  wanted: ImportShape,
  given: object,
  conventions: Conventions,
  context: HostContext,
): { readonly hosted: Hosted; readonly calling: Calling; readonly declared: string } {
  const name = importText(wanted);
  const read = readHost(given);
  const refuse = (text: string, reason: string): never => {
    const { module, name: importName } = wanted;
    throw loadError("import-mismatch", { module, name: importName, expected: typeText(wanted), given: text, reason });
  };
  if (typeof read === "string") return refuse("a host function", `It cannot be used: ${read}.`);
  if (wanted.kind !== "function") return refuse("a host function", "Only functions can be served by one.");
  if (!wanted.type) throw loadError("needs-bytes", { option: "imports" });
  if (read.api !== undefined && read.api !== context.api)
    return refuse(
      "a host function",
      "Its option api is not the interface that was given to the load: give both the same.",
    );
  const calling = callingFor(read, wanted, conventions, context);
  const node = suspendable(read, calling);
  const declared = declaredSignatureText(read.params, read.result);
  if (typeof node === "string") return refuse(`a host function ${declared}`, node);
  const hosting = calling.hosting as Hosting;
  if (node.catches && !hosting.hand)
    return refuse(
      "a host function with the option catch",
      `By ${calling.name}'s convention the module cannot receive an exception: use the option error.`,
    );
  const { bound } = context;
  const planned = planHost(node, {
    name,
    type: wanted.type,
    calling,
    hosting,
    objects: bound?.inner,
    isClass: (one) => bound?.callingOf(one) !== undefined,
    boxedBy: (one) => {
      const of = bound?.callingOf(one);
      return of?.boxesObjects && of.name !== calling.name ? of.name : undefined;
    },
  });
  if (isMisfit(planned)) return refuse(planned.given, planned.reason);
  if (planned.allocates) expectMemory(() => [name], calling, { ...context, conventions, askExtras });
  const hosted = { name, node, plan: planned, hosting };
  checkError(hosted);
  return { hosted, calling, declared };
}

/**
 * Returns a host function whose promise is not passed to the module, but suspends it; the reason why it cannot, as a sentence.
 */
function suspendable(node: HostNode, { name, hasPromises }: Calling): HostNode | string {
  if (node.result.type !== "promise" || hasPromises) return node;
  return canSuspend() ? { ...node, result: node.result.value, suspends: true } : `${cannotSuspend(name)}.`;
}

function isMisfit(planned: ReturnType<typeof planHost>): planned is Exclude<typeof planned, HostPlan> {
  return Object.hasOwn(planned, "reason");
}

/** Refuses an error value that is not of the result's type. */
function checkError(hosted: Hosted): void {
  const { node, plan } = hosted;
  if (!node.error || typeof node.error.value === "function") return;
  check(hosted, "error", plan.result, node.error.value);
}

/** Returns the convention of an import. Errors: `convention-unavailable`, `invalid-option`. */
function callingFor(node: HostNode, wanted: ImportShape, conventions: Conventions, context: HostContext): Calling {
  const { convention } = node;
  const { toolchain, toolchainAdapter } = context;
  // The adapter may be unable to serve the module, whose other imports are C's.
  const isForeign = toolchainAdapter && context.adapter === toolchain && !context.isOwn(wanted);
  if (convention === ofC || (convention === undefined && isForeign && context.hostsAsC)) return conventions.c();
  const adapter = conventions.own();
  const hosts = adapter?.hosting;
  if (convention !== undefined && convention === adapter?.name && hosts) return adapter;
  const name = importText(wanted);
  if (convention !== undefined) {
    if (convention === toolchain && toolchainAdapter)
      throw conventionUnavailable(
        name,
        `The host function of the import ${name} asks for ${toolchain}'s convention.`,
        context,
        "",
      );
    const known = hosts ? `"c" or ${JSON.stringify(adapter.name)}` : '"c"';
    throw invalidOption(`t.host for the import ${name}`, "convention", known, convention);
  }
  const isOwn = hosts ? hosts.owns(wanted) : context.isOwn(wanted);
  if (isOwn && hosts) return adapter;
  if (!isOwn && context.hostsAsC) return conventions.c();
  const returned = node.result.type === "promise" && !toolchainAdapter ? node.result.value : node.result;
  if (isNumeric({ params: node.params, result: returned }))
    return { ...conventions.c(), name: "C, by which every toolchain passes numbers" };
  throw conventionUnavailable(
    name,
    `The host function of the import ${name} is declared with more than numbers, and only ${toolchain}'s convention passes that.`,
    context,
    `There is none for ${toolchain} yet. Declare numbers and booleans and pass the rest by hand with wasm.memory, or say ` +
      '{ convention: "c" } if the import is of a C library.',
  );
}

/** The context of a life that may not have begun, so that its exports are read when they are asked for. */
function lifeContext(of: HostContext["of"], objects: LifeContext["objects"]): LifeContext {
  const { instance, guard, memory } = of;
  return {
    instance,
    objects,
    guard,
    memory,
    get exports() {
      return of.exports;
    },
  };
}
