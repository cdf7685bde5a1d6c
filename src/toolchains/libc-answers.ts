import type { ImportShape } from "../public/index.ts";

/** What an import returns to say that it is not there. */
export interface Answer {
  readonly value: number;
  /** The value in words. */
  readonly text: string;
}

/** The number of the error "function not implemented", in WASI and in the libraries that are built on its numbers. */
const enosys = 52;

/**
 * Imports whose zero means that the call has done what it was asked for. A C library goes on with results that were never
 * written then: it waits for a clock that stands still, or writes the same bytes again for ever.
 */
const answers: readonly { readonly module: RegExp; readonly name: RegExp; readonly answer: Answer }[] = [
  // Returns the number of an error.
  { module: /^wasi_/, name: /^/, answer: { value: enosys, text: `${enosys} (ENOSYS)` } },
  // These return the number of an error below zero, and else a result.
  { module: /^wasi$/, name: /^thread-spawn$/, answer: { value: -enosys, text: `-${enosys} (ENOSYS)` } },
  { module: /^/, name: /^_{2,3}sys(call|_)/, answer: { value: -enosys, text: `-${enosys} (ENOSYS)` } },
];

/**
 * Tells by which value an import says that it is not there, where its zero would mean that all went well.
 *
 * @param wanted - The import.
 */
export function answerOf({ module, name }: ImportShape): Answer | undefined {
  return answers.find((one) => one.module.test(module) && one.name.test(name))?.answer;
}
