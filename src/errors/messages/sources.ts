import { reasonOf } from "../caught.ts";
import type { Messages } from "../details.ts";
import type { SourceProblem } from "../details.ts";

/** What to pass instead, by what is wrong with the source. The words before it are "The source is". */
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
    "Loading at once cannot wait for it: pass bytes or a compiled WebAssembly.Module, or in Node a path; or use load() or compile().",
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

/** What can go wrong with sources, once they can be reached. */
export const sources: Messages<
  | "needs-bytes"
  | "invalid-source"
  | "http-status"
  | "read-failed"
  | "wasm-unavailable"
  | "compile-failed"
  | "compile-forbidden"
> = {
  "needs-bytes": ({ option }) =>
    `The option ${option} needs the module's bytes, and the source is a compiled WebAssembly.Module. Load from the bytes, or leave the option out.`,
  "invalid-source": ({ received, problem }) => {
    const [what, advice] = problems[problem];
    return `The source is ${what(received)}. ${advice}`;
  },
  "http-status": ({ url, status, statusText }) => {
    const answer = status ? `${status} ${statusText}`.trim() : "an opaque response, which hides its status and bytes";
    const isFine = status >= 200 && status < 300;
    const advice = isFine
      ? "Its `ok` is false all the same: correct what made the response."
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
  "compile-failed": ({ from }, cause) =>
    `The engine refuses ${from ?? "the module"}: ${reasonOf(cause)}. It is damaged, or uses a feature that this engine lacks: ` +
    "`wasm-tools validate` tells which, and inspect(bytes).targetFeatures what it was built for.",
  "compile-forbidden": (_, cause) =>
    `This host forbids compiling WebAssembly at run time (${reasonOf(cause)}). ` +
    "A page allows it with script-src 'wasm-unsafe-eval' in its Content-Security-Policy. " +
    "For an edge host import the .wasm file, so that it is compiled beforehand, and pass that WebAssembly.Module.",
};
