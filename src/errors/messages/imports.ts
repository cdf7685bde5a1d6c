import { ownMembers, ownValue } from "../../base/own.ts";
import { typeText } from "../../base/type-text.ts";
import { messageOf } from "../caught.ts";
import { describe, importText } from "../describe.ts";
import type { ImportShape } from "../../public/index.ts";
import type { Messages } from "../catalogue.ts";
import type { CreationObstacle, LimitedSize } from "../details.ts";

/** How many imports a message lists; the details have all of them. */
const shown = 50;
/** How many hints it shows. */
const mostHints = 3;
/** How much of a type a message shows, in characters; the details have all of it. */
const longest = 300;

/** The message of an import that does not fit, which `inspect` needs without the others. */
export const importMismatch: Messages<"import-mismatch">["import-mismatch"] = (
  { module, name, expected, given, reason },
  cause,
) =>
  `The value given for the import ${importText({ module, name })} does not fit: the module declares ${brief(expected)}, and ${given} was given.` +
  (reason === undefined ? "" : ` ${reason}`) +
  (cause === undefined ? "" : ` The engine says: ${messageOf(cause)}`);

/** The messages of the errors of imports. */
export const imports: Messages<
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
  "unresolved-imports": ({ imports }) => {
    const lines = some(imports, "\n  ", (one) => {
      const { nearest } = ownMembers(one);
      const hint = nearest === undefined ? "" : `, where ${describe(nearest)} was given`;
      return `${importText(one)} ${brief(typeText(one as ImportShape))}${hint}`;
    });
    const them = imports.length === 1 ? "it" : "them";
    const hints = [...new Set(imports.flatMap((one) => ownValue(one, "hint") ?? []))].slice(0, mostHints);
    return (
      `Nothing provides ${imports.length === 1 ? "this import" : `these ${imports.length} imports`}:\n  ${lines}\n` +
      hints.map((hint) => `${hint}\n`).join("") +
      `Give ${them} in \`imports\`, or let a policy in \`missing\` answer for ${them} (globals and tags only under an explicit ` +
      '"zero" or "warn", since a wrong one corrupts silently).'
    );
  },
  "types-unknown": ({ imports }) =>
    "A compiled WebAssembly.Module does not tell the types of its imports, so these cannot be created: " +
    `${some(imports, ", ", (one) => `${importText(one)} (${one.kind})`)}. ` +
    "Load from the bytes instead, pass the module's `shape` (from inspect or compile), or give them in `imports`.",
  "import-mismatch": importMismatch,
  "import-conflict": ({ module, name, types }) =>
    `The module declares the import ${importText({ module, name })} several times, as ${some(types, " and as ", brief)}, and no single value serves them.`,
  "limit-exceeded": ({ limit, asked, allowed, of }) => {
    if (of?.kind === "source") {
      const unit = of.isDecompressed ? "bytes once it is decompressed" : "bytes";
      return (
        `${ownValue(of, "from") ?? "The source"} has more than ${allowed} ${unit}, and limits.bytes allows no more. ` +
        "If you trust the source, raise limits.bytes."
      );
    }
    const kind = limit === "memoryPages" ? "memory" : "table";
    const [what, advice] = of ? limited(of, kind) : [`The ${kind} is one`, ""];
    return (
      `${what} of ${asked} ${limit === "memoryPages" ? "pages" : "elements"} at the start, and ` +
      `${of?.kind === "import" && of.isDefault ? "the default of " : ""}limits.${limit} allows ${allowed}. ` +
      `If you trust the module, raise limits.${limit}${advice}.`
    );
  },
  "limit-needs-bytes": ({ limit }) =>
    `limits.${limit} caps a ${limit === "memoryPages" ? "memory" : "table"} that a module defines by writing it into the module's bytes, and this ` +
    "module is compiled already, without it or with a higher one. Give `limits` to compile() or load(), with the bytes " +
    "as source; for a module that was compiled so, pass the `shape` that came with it.",
  "cannot-create": ({ module, name, type, obstacle }, cause) =>
    `The import ${importText({ module, name })} of type ${brief(type)} cannot be created: ${obstacleText(obstacle, cause)}. Give it in \`imports\`.`,
  "link-failed": (_, cause) =>
    `The engine refused to link the module: ${messageOf(cause)}. inspect(source).imports has the type of each import.`,
  "sync-too-large": ({ size }, cause) =>
    `The engine does not work synchronously on ${size === undefined ? "a module of this size" : `${size} bytes`} ` +
    `on this thread: ${messageOf(cause)}. Use load(), or compile() and module.instantiate(), or a worker.`,
  "out-of-memory": (_, cause) =>
    `The engine cannot provide the instance's memory: ${messageOf(cause)}. Dispose instances that are done, or make fewer; ` +
    "each one reserves address space for its memory.",
};

function limited(
  of: Exclude<LimitedSize, { readonly kind: "source" }>,
  kind: "memory" | "table",
): [what: string, advice: string] {
  if (of.kind === "definition") return [`The module defines a ${kind}, its number ${of.index},`, ""];
  return of.kind === "given"
    ? [`The value given for the import ${importText(of)} is a ${kind}`, `, or give a smaller ${kind}`]
    : [`The import ${importText(of)} is a ${kind}`, `, or give the ${kind} in \`imports\``];
}

function obstacleText(obstacle: CreationObstacle, cause: unknown): string {
  if (obstacle === "not-nullable") return "a reference that cannot be null has no zero to begin with";
  if (obstacle === "not-isolated") {
    return (
      "there is no SharedArrayBuffer here. A page has it only when served with the headers " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp"
    );
  }
  return `the engine refuses: ${String(cause)}`;
}

/** Formats a list for a message, which may concern a module with many thousand imports. */
function some<Item>(items: readonly Item[], separator: string, text: (item: Item) => string): string {
  const texts = items.slice(0, shown).map(text);
  if (items.length > shown) texts.push(`and ${items.length - shown} more, all in the error's details`);
  return texts.join(separator);
}

/** Shortens a type: a function may have a thousand parameters. */
function brief(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
