import { reasonOf, forbidsCompiling } from "../caught.ts";
import { describe } from "../describe.ts";
import type { FailureDetails } from "../failure.ts";
import type { Explanation, Explanations } from "./explanation.ts";

/** What to pass instead, by what is wrong with the source. The words before it are "The source is". */
const problems: {
  readonly [problem in FailureDetails["invalid-source"]["problem"]]: readonly [
    what: (source: string) => string,
    advice: string,
  ];
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
export const sources: Pick<
  Explanations,
  "invalid-source" | "http-status" | "read-failed" | "wasm-unavailable" | "compile-failed"
> = {
  "invalid-source": ({ source, problem }) => {
    const received = describe(source);
    const [what, advice] = problems[problem];
    return [`The source is ${what(received)}. ${advice}`, { received }];
  },
  "http-status": ({ url, status, statusText, retryAfter }) => {
    const seconds = secondsOf(retryAfter);
    const answer = status ? `${status} ${statusText}`.trim() : "an opaque response, which hides its status and bytes";
    const isFine = status >= 200 && status < 300;
    const advice = isFine
      ? "Its `ok` is false all the same: correct what made the response."
      : status
        ? "Check the URL, and that the .wasm file is deployed there."
        : 'Fetch it without mode: "no-cors"; the server must allow this page\'s origin (CORS).';
    return [
      `${url || "The server"} answered with ${answer}. ${advice}`,
      { url, status, statusText, ...(seconds !== undefined && { retryAfter: seconds }) },
    ];
  },
  "read-failed": (details, cause) => [
    `The source's stream failed: ${reasonOf(cause)}. Make a new one and try again; a file may have been changed or moved.`,
    details,
  ],
  "wasm-unavailable": ({ missing }) => [
    `This host has no ${missing}, so no module can run here. ` +
      "Some browsers switch WebAssembly off, as under Lockdown Mode, and so does Node under --jitless: " +
      "allow it for this page or process, or do without the module. inspect() works without it.",
    { missing },
  ],
  "compile-failed": ({ from, size, offset = 0, behind }, cause) => {
    const why = reasonOf(cause);
    if (forbidsCompiling(why)) return forbidden(why);
    const [start, contents] = sectionSizes(behind);
    const needed = offset + start + contents;
    const read = size ?? sizeRead(why, offset, start);
    if (read !== undefined && read < needed) {
      return [
        `${from ?? "The module"} is cut short: its code goes to byte ${needed}, and there are ${read} bytes. ` +
          "A build, copy or upload stopped early: compare its size with the original's, and deploy it again.",
        { offset, size: read, ...(from && { from }) },
        "truncated",
      ];
    }
    return [
      `The engine refuses ${from ?? "the module"}: ${why}. It is damaged, or uses a feature that this engine lacks: ` +
        "`wasm-tools validate` tells which, and inspect(bytes).targetFeatures what it was built for.",
      { ...(from && { from }) },
    ];
  },
};

/** The seconds that a `Retry-After` asks for: it has their number, or a date. */
function secondsOf(header: string | null): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function forbidden(why: string): Explanation<"compile-forbidden"> {
  return [
    `This host forbids compiling WebAssembly at run time (${why}). ` +
      "A page allows it with script-src 'wasm-unsafe-eval' in its Content-Security-Policy. " +
      "For an edge host import the .wasm file, so that it is compiled beforehand, and pass that WebAssembly.Module.",
    {},
    "compile-forbidden",
  ];
}

/** How many bytes there were by V8's message, if it is about the section that begins at an offset. */
function sizeRead(message: string, offset: number, start: number): number | undefined {
  const [, rest, section] = /past end of the module \(.*remaining bytes (\d+)\) @\+(\d+)$/.exec(message) ?? [];
  return Number(section) === offset ? offset + start + Number(rest) : undefined;
}

/** The sizes of a section's header and contents, by its first bytes; both 0 if these do not have the whole header. */
function sectionSizes(start: Uint8Array = new Uint8Array(0)): [header: number, contents: number] {
  let size = 0;
  for (let i = 1; i < start.length; i += 1) {
    const byte = start[i] ?? 0;
    size += (byte & 127) * 128 ** (i - 1);
    if (byte < 128) return [1 + i, size];
  }
  return [0, 0];
}
