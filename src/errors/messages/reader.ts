import { describe } from "../describe.ts";
import type { Messages } from "../catalogue.ts";
import type { FoundInstead, Malformation } from "../details.ts";

/** The content that was found, and what to do about it. */
const instead: { readonly [found in FoundInstead]: string } = {
  empty: "there are no bytes. Check that the build wrote the file, and that the buffer or body was not used up before.",
  html: "it is an HTML page, probably the server's answer to a path that it does not know. Check the URL, and that the .wasm file is deployed there.",
  wat: "it is WebAssembly text. Assemble it first, as with `wat2wasm`.",
  json: "it is JSON. Check what the path or URL leads to.",
  text: "it is text. Check what the path or URL leads to: an error message, JavaScript, a Git LFS pointer?",
  component: "it is a component. Transpile it to core modules with `npx @bytecodealliance/jco transpile`.",
  gzip: "it is compressed. `load` and `compile` decompress it; for other calls decompress it first, or serve it with Content-Encoding: gzip.",
  unknown: "it begins like nothing known. Check what the path or URL leads to, and that it is not compressed.",
};

/** The ways in which a module breaks the binary format. */
const malformations: {
  readonly [problem in Malformation]: string | ((subject: string | number | undefined) => string);
} = {
  byte: (byte) => `0x${byte?.toString(16)} is not allowed here`,
  encoding: "a name is not UTF-8",
  index: (item) => `there is no ${item}`,
  order: (section) => `the ${section} section comes twice or too late`,
  short: "the section ends too early",
  long: "the section goes on behind what belongs to it",
  supertype: "a type has another supertype than one before it",
  tag: "a tag has results",
  memory: "a memory is too large",
  unlimited: "a shared memory has no maximum",
  limits: "a maximum is below the initial size",
  mutable: "a global is mutable",
  elements: "a table's elements have no initial value",
  twice: (name) => `two exports have the name ${describe(name)}`,
  start: "the start function has parameters or results",
};

/** The messages of the errors of the reader. */
export const reader: Messages<"not-wasm" | "truncated" | "malformed"> = {
  "not-wasm": ({ found, from, contentType }) => {
    const served = contentType ? `, served as ${contentType},` : "";
    return `${from ?? "The source"}${served} is not a WebAssembly module: ${instead[found]}`;
  },
  truncated: ({ offset, size, needed, from }) =>
    needed === undefined
      ? `${from ?? "The module"} is cut short: of what begins at byte ${offset}, only ${size - offset} bytes are there. ` +
        "A download or copy stopped early: get it again, and compare its size with the original's."
      : `${from ?? "The module"} is cut short: its code goes to byte ${needed}, and there are ${size} bytes. ` +
        "A build, copy or upload stopped early: compare its size with the original's, and deploy it again.",
  malformed: ({ problem, subject, offset, section }) => {
    const text = malformations[problem];
    return (
      `The module is malformed: ${typeof text === "string" ? text : text(subject)}, at byte ${offset}${section ? ` in its ${section} section` : ""}. ` +
      "It is damaged, or its tool is at fault: compare it with the original, or run `wasm-tools validate` on it."
    );
  },
};
