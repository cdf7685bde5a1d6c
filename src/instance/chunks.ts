import { needsBuiltins } from "../options.ts";
import { fetchChunk } from "../platform/chunk.ts";
import { ownValue } from "../base/own.ts";
import type { Api, BuiltinOptions, InstantiateOptions, Shape } from "../public/index.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import type { messages } from "../errors/messages/index.ts";
import type * as builtins from "../builtins/index.ts";
import type * as binder from "./binder.ts";
import type * as binderExtras from "./binder-extras.ts";
import type * as cCalling from "./c-calling.ts";
import type * as extras from "./extras.ts";

/** Chunks that only some instances need. An asynchronous call fetches them when needed; a synchronous one has them bundled. */
export interface Chunks {
  /** Imports other than functions, or given by meaning or traced, restarts, growing memory, and text without coders. */
  readonly extras: typeof extras | undefined;
  /** The builtins that the module is compiled with. */
  readonly builtins: typeof builtins | undefined;
  /** Declared interfaces. */
  readonly binder: typeof binder | undefined;
  /** The parts of it that few declared interfaces need, and host functions. */
  readonly binderExtras: typeof binderExtras | undefined;
  /** The convention of C, which declared interfaces are called by where the module's adapter has none. */
  readonly cCalling: typeof cCalling | undefined;
  /** The messages of what can go wrong in a load, for restarts: they fail in calls that cannot wait. */
  readonly messages: typeof messages | undefined;
}

/** Whether another life may follow one that has ended. */
export function restarts({ onTrap, onHostThrow }: Pick<InstantiateOptions, "onTrap" | "onHostThrow">): boolean {
  return onTrap === "restart" || onHostThrow === "restart";
}

/** Whether the platform lacks text coders, as some worklets and engine shells do. */
export function lacksCoders(): boolean {
  return typeof TextEncoder !== "function" || typeof TextDecoder !== "function";
}

/**
 * Fetches the chunks that an instance needs. Errors: `chunk-unavailable`.
 *
 * @param shape - The module's shape, with its toolchain.
 * @param options - The caller's.
 */
export async function fetchChunks(
  { imports, toolchain }: Pick<Shape, "imports" | "toolchain">,
  options: BuiltinOptions &
    Pick<
      InstantiateOptions,
      "allocator" | "api" | "console" | "importsByMeaning" | "ledger" | "onTrap" | "onHostThrow" | "toolchain" | "trace"
    >,
): Promise<Chunks> {
  const { allocator, api, ledger, onHostThrow = "throw", toolchain: chosen } = options;
  const needsExtras =
    allocator === "grow" ||
    ledger ||
    options.console ||
    options.importsByMeaning ||
    options.trace ||
    restarts(options) ||
    onHostThrow !== "throw" ||
    lacksCoders() ||
    imports.some(({ kind }) => kind !== "function");
  // A guess, since the adapter is fetched meanwhile and the binder reads the declaration: `beginLives` completes it.
  const name = chosen ?? (toolchain as Shape["toolchain"] | undefined)?.name ?? "";
  const mentioned = mentionedBy(api);
  const isCalledAsC = toolchainNamed(name)?.convention !== "adapter" || mentioned.c;
  const [extras, binder, binderExtras, cCalling, catalogue, builtins] = await Promise.all([
    needsExtras ? fetchExtras() : undefined,
    api ? fetchChunk(() => import("./binder.ts")) : undefined,
    mentioned.extras ? fetchBinderExtras() : undefined,
    api && isCalledAsC ? fetchCCalling() : undefined,
    restarts(options) ? fetchChunk(() => import("../errors/messages/index.ts")) : undefined,
    needsBuiltins(options) ? fetchChunk(() => import("../builtins/index.ts")) : undefined,
  ]);
  return { extras, builtins, binder, binderExtras, cCalling, messages: catalogue?.messages };
}

/** The chunks that a declaration seems to need. */
interface Mentioned {
  readonly c: boolean;
  readonly extras: boolean;
}

/** The types whose functions the binder calls with its extras. */
const extraTypes: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "buffer",
  "inout",
  "length",
  "out",
  "promise",
  "rest",
]);

/** Looks at a declaration. It may be anything, and reading it may throw. */
function mentionedBy(api: Api<object> | undefined): Mentioned {
  const found = { c: false, extras: false };
  const look = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    found.c ||= ownValue(one, "convention") === "c";
    const params: unknown = ownValue(one, "params");
    found.extras ||= isExtra(ownValue(one, "result")) || (Array.isArray(params) && params.some(isExtra));
    const options: unknown = ownValue(one, "options");
    if (typeof options === "object" && options !== null && Object.hasOwn(options, "length")) found.extras = true;
    look(options);
    const members: unknown = ownValue(one, "members");
    if (typeof members === "object" && members !== null) Object.values(members).forEach(look);
  };
  try {
    look(api);
  } catch {
    // The binder refuses it.
  }
  return found;
}

/** Whether a type is one of the extra types, or a named parameter or an optional value of one. */
function isExtra(type: unknown): boolean {
  if (typeof type !== "object" || type === null) return false;
  const name: unknown = ownValue(type, "type");
  return extraTypes.has(
    name === "param" ? innerName(type, "of") : name === "optional" ? innerName(type, "item") : name,
  );
}

function innerName(type: object, key: string): unknown {
  const inner: unknown = ownValue(type, key);
  return typeof inner === "object" && inner !== null ? ownValue(inner, "type") : undefined;
}

/** Fetches what few declared interfaces need of the binder. Errors: `chunk-unavailable`. */
export function fetchBinderExtras(): Promise<typeof binderExtras> {
  return fetchChunk(() => import("./binder-extras.ts"));
}

/** Fetches the convention of C. Errors: `chunk-unavailable`. */
export function fetchCCalling(): Promise<typeof cCalling> {
  return fetchChunk(() => import("./c-calling.ts"));
}

/** Fetches the extras, which few instances need. Errors: `chunk-unavailable`. */
export function fetchExtras(): Promise<typeof extras> {
  return fetchChunk(() => import("./extras.ts"));
}
