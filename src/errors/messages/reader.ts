import { describe } from "../describe.ts";
import type { FoundInstead } from "../unglue-error.ts";
import type { Explanations } from "./explanation.ts";
import { malformationText } from "./malformed.ts";

/** What is found, and what to do. */
const instead: { readonly [found in FoundInstead]: string } = {
  empty: "there are no bytes. Check that the build wrote the file, and that the buffer or body was not used up before.",
  html: "it is an HTML page, probably the server's answer to a path that it does not know. Check the URL, and that the .wasm file is deployed there.",
  wat: "it is WebAssembly text. Assemble it first, as with `wat2wasm`.",
  json: "it is JSON. Check what the path or URL leads to.",
  text: "it is text. Check what the path or URL leads to: an error message, JavaScript, a Git LFS pointer?",
  component: "it is a component. Transpile it to core modules with `jco transpile`.",
  gzip: "it is compressed. `load` and `compile` decompress it; for other calls decompress it first, or serve it with Content-Encoding: gzip.",
  unknown: "it begins like nothing known. Check what the path or URL leads to, and that it is not compressed.",
};

/** What the reader can refuse. */
export const reader: Pick<Explanations, "not-wasm" | "truncated" | "malformed" | "invalid-argument"> = {
  "not-wasm": ({ found, from, contentType }) => {
    const served = contentType ? `, served as ${contentType},` : "";
    return [
      `${from ?? "The source"}${served} is not a WebAssembly module: ${instead[found]}`,
      { found, ...(from && { from }), ...(contentType && { contentType }) },
    ];
  },
  truncated: ({ offset, size, from }) => [
    `${from ?? "The module"} is cut short: of what begins at byte ${offset}, only ${size - offset} bytes are there. ` +
      "A download or copy stopped early: get it again, and compare its size with the original's.",
    { offset, size, ...(from && { from }) },
  ],
  malformed: ({ problem, subject, offset, section }) => [
    `The module is malformed: ${malformationText(problem, subject)}, at byte ${offset}${section ? ` in its ${section} section` : ""}. ` +
      "It is damaged, or its tool is at fault: compare it with the original, or run `wasm-tools validate` on it.",
    { offset, ...(section && { section }) },
  ],
  "invalid-argument": ({ call, argument, value }) => {
    const expected = "an ArrayBuffer, a SharedArrayBuffer or a view of one";
    const received = describe(value);
    return [`${call}: ${argument} must be ${expected}, and is ${received}.`, { call, argument, expected, received }];
  },
};
