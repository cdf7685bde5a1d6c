import { anyFunction, imported, type Toolchain, recognised } from "../toolchain.ts";

/** Scala.js. */
export const scalaJs: Toolchain = {
  ...recognised,
  name: "scala-js",
  signs: [
    [
      imported(/^__scalaJS\w*\.JSTag$/, [{ kind: "tag" }]),
      imported(/^__scalaJS\w*\./, [...anyFunction, { kind: "global", type: /^(mut )?r$/ }]),
    ],
  ],
  advice: [{ code: "own-javascript", all: [], none: undefined, own: true }],
  // Text, arrays and objects are references that the engine's garbage collector owns.
};
