import { messageOf } from "../caught.ts";
import { describe, importText } from "../describe.ts";
import type { UnresolvedImport } from "../unglue-error.ts";
import { typeText } from "../../base/type-text.ts";
import type { LimitedExtern } from "../failure.ts";
import type { Imports, ImportShape } from "../../public/index.ts";
import type { Explanation, Explanations } from "./explanation.ts";
import { ownValue } from "../../base/own.ts";
import { nearest } from "../nearest.ts";

/** How many imports a message lists; the details have them all. */
const shown = 50;
/** How much of a type a message shows, in characters; the details have all of it. */
const longest = 300;

/** What can go wrong with imports. */
export const imports: Pick<
  Explanations,
  | "unresolved-imports"
  | "types-unknown"
  | "import-mismatch"
  | "import-conflict"
  | "cannot-create"
  | "limit-exceeded"
  | "limit-needs-bytes"
  | "link-failed"
  | "sync-too-large"
  | "out-of-memory"
> = {
  "unresolved-imports": ({ imports, given }) => {
    const names = given ? [...givenNames(given)] : [];
    const listed = imports.map((wanted, index) => unresolved(wanted, index < shown ? names : []));
    const lines = some(listed, "\n  ", (one) => {
      const near = ownValue(one, "nearest");
      const hint = near === undefined ? "" : `, where ${describe(near)} was given`;
      return `${importText(one)} ${brief(typeText(one as ImportShape))}${hint}`;
    });
    const message =
      `Nothing provides ${listed.length === 1 ? "this import" : `these ${listed.length} imports`}:\n  ${lines}\n` +
      "Give them in `imports`, or let a policy in `missing` answer for them (globals and tags only under an explicit " +
      '"zero" or "warn", since a wrong one corrupts silently).';
    return [message, { imports: listed }];
  },
  "types-unknown": ({ imports }) => [
    "A compiled WebAssembly.Module does not tell the types of its imports, so these cannot be created: " +
      `${some(imports, ", ", (one) => `${importText(one)} (${one.kind})`)}. ` +
      "Load from the bytes instead, pass the module's `shape` (from inspect or compile), or give them in `imports`.",
    { imports: imports.map(({ module, name, kind }) => ({ module, name, kind })) },
  ],
  "import-mismatch": ({ wanted, given }, cause) => mismatch(wanted, given, cause),
  "import-conflict": ({ wanted }) => {
    const types = [...new Set(wanted.map(typeText))];
    const { module, name } = wanted[0] as ImportShape;
    return [
      `The module declares the import ${importText({ module, name })} several times, as ${some(types, " and as ", brief)}, and no single value serves them.`,
      { module, name, types },
    ];
  },
  "limit-exceeded": ({ of, limit, asked, allowed }) => {
    if (of.by === "source") {
      const unit = of.isDecompressed ? "bytes once it is decompressed" : "bytes";
      return [
        `${of.from ?? "The source"} has more than ${allowed} ${unit}, and limits.bytes allows no more. ` +
          "If you trust the source, raise limits.bytes.",
        { limit, asked, allowed },
      ];
    }
    const [what, advice] = limited(of);
    return [
      `${what} of ${asked} ${limit === "memoryPages" ? "pages" : "elements"} at the start, and ` +
        `${of.by === "default" ? "the default of " : ""}limits.${limit} allows ${allowed}. ` +
        `If you trust the module, raise limits.${limit}${advice}.`,
      { limit, asked, allowed },
    ];
  },
  "limit-needs-bytes": (details) => [
    `limits.${details.limit} caps a ${details.limit === "memoryPages" ? "memory" : "table"} that a module defines by writing it into the module's bytes, and this ` +
      "module is compiled already, without it or with a higher one. Give `limits` to compile() or load(), with the bytes " +
      "as source; for a module that was compiled so, pass the `shape` that came with it.",
    details,
  ],
  "cannot-create": ({ wanted }, cause) => {
    const { module, name } = wanted;
    const type = typeText(wanted);
    return [
      `The import ${importText(wanted)} of type ${brief(type)} cannot be created: ${obstacle(wanted, cause)}. Give it in \`imports\`.`,
      { module, name, type },
    ];
  },
  "link-failed": (details, cause) => [`The engine refused to link the module: ${messageOf(cause)}`, details],
  "sync-too-large": (details, cause) => [
    `The engine does not work synchronously on ${details.size === undefined ? "a module of this size" : `${details.size} bytes`} ` +
      `on this thread: ${messageOf(cause)}. Use load(), or compile() and module.instantiate(), or a worker.`,
    details,
  ],
  "out-of-memory": (details, cause) => [
    `The engine cannot provide the instance's memory: ${messageOf(cause)}. Dispose instances that are done, or make fewer; ` +
      "each one reserves address space for its memory.",
    details,
  ],
};

function mismatch(wanted: ImportShape, given: string, cause: unknown): Explanation<"import-mismatch"> {
  const { module, name } = wanted;
  const expected = wanted.type ? typeText(wanted) : wanted.kind;
  return [
    `What was given for the import ${importText(wanted)} does not fit: the module declares ${brief(expected)}, and ${given} was given.` +
      (cause === undefined ? "" : ` The engine says: ${messageOf(cause)}`),
    { module, name, expected, given },
  ];
}

function limited(of: Exclude<LimitedExtern, { readonly by: "source" }>): [what: string, advice: string] {
  if (of.by === "module") return [`The module defines a ${of.kind}, its number ${of.index},`, ""];
  const { by, wanted } = of;
  return by === "user"
    ? [`What was given for the import ${importText(wanted)} is a ${wanted.kind}`, `, or give a smaller ${wanted.kind}`]
    : [`The import ${importText(wanted)} is a ${wanted.kind}`, `, or give the ${wanted.kind} in \`imports\``];
}

function obstacle({ type }: ImportShape, cause: unknown): string {
  const reason = String(cause);
  if (cause === undefined) return "a reference that cannot be null has no zero to begin with";
  if (type && "shared" in type && type.shared && typeof SharedArrayBuffer === "undefined") {
    return (
      "there is no SharedArrayBuffer here. A page has it only when served with the headers " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp"
    );
  }
  return `the engine refuses: ${reason}`;
}

function unresolved({ module, name, kind, type }: ImportShape, given: readonly string[]): UnresolvedImport {
  const near = nearest(`${module}.${name}`, given);
  return { module, name, kind, ...(type && { type }), ...(near !== undefined && { nearest: near }) };
}

function* givenNames(given: Imports): Iterable<string> {
  for (const [module, group] of Object.entries(given as Record<string, unknown>)) {
    if (typeof group !== "object" && typeof group !== "function") continue;
    for (const name of Object.keys(group ?? {})) yield `${module}.${name}`;
  }
}

/** A list for a message, which may be about a module of many thousand imports. */
function some<Item>(items: readonly Item[], separator: string, word: (item: Item) => string): string {
  const words = items.slice(0, shown).map(word);
  if (items.length > shown) words.push(`and ${items.length - shown} more, all in the error's details`);
  return words.join(separator);
}

/** A function may have a thousand parameters. */
function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
