import { UnglueError } from "../errors/unglue-error.ts";
import { Failure } from "../errors/failure.ts";
import { plainLifting, plainLowering } from "./values/index.ts";
import { memberOf, ownValue } from "../base/own.ts";
import { conventionOf } from "../reflect/index.ts";
import type { Calling, DeclaredType, FunctionMember, InterfaceMembers, Shape } from "../public/index.ts";

/**
 * Reads what an adapter gives for a calling convention. Adapters may be anybody's: what is none is refused, and what is left
 * out of one is `undefined`. Fails with `invalid-option`.
 *
 * @param calling - What it gives; `undefined` for none.
 */
export function readCalling(calling: unknown): Calling | undefined {
  if (calling === undefined) return undefined;
  const functions = ["exportNames", "lowerings", "liftings", "takeArea", "giveArea", "takeError"];
  if (
    typeof calling === "object" &&
    calling !== null &&
    functions.every((name) => typeof memberOf(calling, name) === "function") &&
    Array.isArray(memberOf(calling, "freeing"))
  )
    return completeCalling(calling as Calling);
  throw new Failure("invalid-option", {
    call: "instantiate",
    option: "what calling of an adapter returns",
    value: calling,
    expected: "a calling convention",
  });
}

/** What may be left out of a convention: its functions, and the rest. */
const optionalFunctions = ["refusal", "canFree", "begin"] as const;
const optionalFacts = ["addressKey", "hasAreas", "areaAllocates", "ownAllocator", "givesAway"] as const;

/** A convention that inherits nothing from `Object.prototype`, nor do the ways that it tells. */
function completeCalling(given: Calling): Calling {
  const called = (name: (typeof optionalFunctions)[number]) =>
    (memberOf(given, name) as ((...args: never[]) => unknown) | undefined)?.bind(given);
  const complete: object = {
    ...Object.fromEntries(optionalFunctions.map((name) => [name, called(name)])),
    ...Object.fromEntries(optionalFacts.map((name) => [name, memberOf(given, name)])),
    name: given.name,
    address: given.address,
    hasErrors: given.hasErrors,
    hasInPlace: given.hasInPlace,
    freeing: given.freeing.map((one) => ({ ...one, waits: ownValue(one, "waits") })),
    exportNames: given.exportNames.bind(given),
    lowerings: (...args: Parameters<Calling["lowerings"]>) =>
      given.lowerings(...args).map((one) => ({ ...plainLowering, ...one })),
    liftings: (...args: Parameters<Calling["liftings"]>) =>
      given.liftings(...args).map((one) => ({ ...plainLifting, ...one })),
    takeArea: given.takeArea.bind(given),
    giveArea: given.giveArea.bind(given),
    takeError: given.takeError.bind(given),
  };
  return complete as Calling;
}

/** A module, as far as it tells by which convention it is called. */
interface Called {
  readonly shape: Pick<Shape, "exports">;
  /** The toolchain that its bytes show. */
  readonly toolchain: string;
  /** The name of the adapter that serves it, which has no convention. */
  readonly adapter: string | undefined;
}

/**
 * Refuses an interface that C's convention would call wrongly: the module's toolchain is known, and is not C's. Functions of
 * numbers alone are called alike in all conventions. Errors: `convention-unavailable`.
 *
 * @param members - What was declared.
 * @param called - The module.
 */
export function expectConvention(members: InterfaceMembers, { shape, toolchain, adapter }: Called): void {
  const convention = conventionOf(toolchain);
  if (convention === "c") return;
  // An addon's functions are none of its exports: a number of theirs cannot be had either.
  const isHidden = (name: string) => toolchain === "napi" && !shape.exports.some((one) => one.name === name);
  const needy = Object.entries(members).find(
    ([name, one]) => one.member === "class" || !isNumeric(one) || isHidden(name),
  );
  if (!needy) return;
  const [member] = needy;
  const line = convention === "adapter" ? importLine : undefined;
  throw new UnglueError(
    "convention-unavailable",
    (isHidden(member)
      ? `${member} is no export of the module, which is an addon for Node-API: it gives its functions to a runtime. `
      : `${member} is declared with more than numbers, and only ${toolchain}'s convention can call it. `) +
      (line === undefined ? withoutConvention(toolchain) : withAdapter(line, adapter)),
    { toolchain, member, ...(line !== undefined && { import: line }), ...(adapter !== undefined && { adapter }) },
  );
}

const importLine = 'import { wasmBindgen } from "unglue/wasm-bindgen";';

function withAdapter(line: string, adapter: string | undefined): string {
  return adapter === undefined
    ? `A synchronous call needs the adapter given: ${line} and adapters: [wasmBindgen()]. load() and compile() fetch it by themselves.`
    : `The adapter ${JSON.stringify(adapter)}, which serves this module, has none. Put the other before it: ${line} and adapters: [wasmBindgen(), …].`;
}

function withoutConvention(toolchain: string): string {
  return (
    `There is none for ${toolchain} yet. Declare functions of numbers and booleans, pass the rest by hand with wasm.memory ` +
    "and wasm.guarded, or give an adapter whose `calling` has the convention."
  );
}

/** Whether a function takes and returns numbers and booleans only. What is no type at all is for the comparison to refuse. */
function isNumeric({ params, result }: FunctionMember): boolean {
  return [...params, result].every((type: DeclaredType | undefined) => {
    if (type?.type === "enumeration") return type.values.every((value) => typeof value === "number");
    return type === undefined || numeric.has(type.type);
  });
}

const numeric: ReadonlySet<string> = new Set("i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 size bool void".split(" "));
