import { ownValue } from "../../base/own.ts";
import { reasonOf } from "../caught.ts";
import { lackingFeature } from "./features.ts";
import type { Messages } from "../catalogue.ts";
import { describe } from "../describe.ts";
import type { ErrorDetails, SourceProblem } from "../details.ts";

/** For each problem of a source, a text to follow "The source is", and advice. */
const problems: {
  readonly [problem in SourceProblem]: readonly [what: (source: string) => string, advice: string];
} = {
  kind: [
    (source) => source,
    "It can be a URL (also as a string), Request, Response, ArrayBuffer or a view of one, Blob, ReadableStream, compiled " +
      "WebAssembly.Module, or a promise or a function of one of these; in Node also a path.",
  ],
  sync: [
    (source) => source,
    "Loading synchronously cannot wait for it: pass bytes or a compiled WebAssembly.Module, or in Node a path; or use load() or compile().",
  ],
  used: [
    (source) => `${source}, and it has been read or is being read`,
    "It can be read once: pass a new one, or a Response's clone() made before.",
  ],
  chunk: [(source) => `a stream of ${source}`, "Pass a stream of bytes: its chunks must be of type Uint8Array."],
  request: [
    (source) => `${source} of another implementation than the global fetch, and its headers or its body cannot be read`,
    "Pass its URL, or give the fetch that belongs to it as the option fetch.",
  ],
  fetched: [(source) => `what the option fetch returned, ${source}`, "It must return a promise of a Response."],
};

/** Tells a difference between a declaration and a module, to follow a colon. */
function differenceText(difference: NonNullable<ErrorDetails["declaration-mismatch"]["difference"]>): string {
  const { of, name } = difference;
  const declared = ownValue(difference, "declared");
  const found = ownValue(difference, "found");
  const what = `the ${of} ${describe(name)}`;
  if (found === undefined) return `${what} ${declared ?? ""} is declared, and the module lacks it`;
  if (declared === undefined) return `the module has ${what} ${found}, which is not declared`;
  return `${what} is declared as ${declared}, and the module has it as ${found}`;
}

function buildText(details: ErrorDetails["declaration-mismatch"]): string {
  const found = ownValue(details, "found");
  return found === undefined
    ? "the order of its imports or exports differs"
    : `its fingerprint is ${describe(details.declared)}, and this module's is ${describe(found)}`;
}

/** The messages of the errors of sources that can be reached. */
export const sources: Messages<
  | "declaration-format"
  | "declaration-mismatch"
  | "needs-bytes"
  | "invalid-source"
  | "http-status"
  | "read-failed"
  | "wasm-unavailable"
  | "compile-failed"
  | "compile-forbidden"
> = {
  "declaration-format": ({ format }) =>
    `The declaration file has the format ${format}, and this version of unglue reads format 1. Update unglue, or write the ` +
    "file again with the `unglue declare` of this version.",
  "declaration-mismatch": (details) => {
    const difference = ownValue(details, "difference");
    return (
      `The declaration file is about another module than this one: ${difference ? differenceText(difference) : buildText(details)}. ` +
      "Run `unglue declare` on this module, or load the module that the file was written for."
    );
  },
  "needs-bytes": ({ option }) =>
    `The option ${option} needs the module's bytes, but the source is a compiled WebAssembly.Module. ` +
    (option === "api"
      ? "Pass the module's `shape`, which inspect(bytes) returns in a build script, or load from the bytes."
      : "Load from the bytes, or leave the option out."),
  "invalid-source": ({ received, problem }) => {
    if (problem === "kind" && received === "an object (Blob)")
      return "This Blob cannot be read: it has no arrayBuffer() or stream(), as in jsdom. Pass the bytes that it was made from.";
    const [what, advice] = problems[problem];
    return `The source is ${what(received)}. ${advice}`;
  },
  "http-status": (details) => {
    const { url, status, statusText } = details;
    const seconds = ownValue(details, "retryAfter");
    const answer = status ? `${status} ${statusText}`.trim() : "an opaque response, which hides its status and bytes";
    const isFine = status >= 200 && status < 300;
    const advice = isFine
      ? "Its `ok` is false all the same: correct what made the response."
      : isPassing(status)
        ? `Try again ${seconds === undefined ? "later" : `in ${seconds} s`}; the option \`retry\` makes several attempts.`
        : status
          ? "Check the URL, and that the .wasm file is deployed there."
          : 'Fetch it without mode: "no-cors"; the server must allow this page\'s origin (CORS).';
    return `${url || "The server"} answered with ${answer}. ${advice}`;
  },
  "read-failed": (_, cause) =>
    `The source's stream failed: ${reasonOf(cause)}. Make a new one and try again; a file may have been changed or moved.`,
  "wasm-unavailable": ({ missing }) =>
    `This host has no ${missing}, so no module can run here. ` +
    "Some browsers switch WebAssembly off, as under Lockdown Mode, and so does Node under --jitless: " +
    "allow it for this page or process, or do without the module. inspect() works without it.",
  "compile-failed": ({ from }, cause) => {
    const reason = reasonOf(cause);
    const feature = lackingFeature(reason);
    return (
      `This engine refuses ${from ?? "the module"}: ${reason}. ` +
      (feature
        ? `The module uses ${feature.name}, which ${feature.since} have: run it there, or build it without.`
        : "It is damaged, or uses a feature that this engine lacks: `wasm-tools validate` tells which, and " +
          "inspect(bytes).targetFeatures lists the features that it was built for.")
    );
  },
  "compile-forbidden": (_, cause) =>
    `This host forbids compiling WebAssembly at run time (${reasonOf(cause)}). ` +
    "A page allows it with script-src 'wasm-unsafe-eval' in its Content-Security-Policy. " +
    "On an edge host import the .wasm file, so that it is compiled when you deploy, and pass that WebAssembly.Module; " +
    "for a declared interface pass also its `shape`, which inspect(bytes) returns in a build script.",
};

/** Whether a status may be temporary. */
function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}
