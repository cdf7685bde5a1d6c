import { ownMembers } from "../../base/own.ts";
import { describe } from "../describe.ts";
import { nearest } from "../nearest.ts";
import type { Explanations } from "./explanation.ts";

/** What each option must be; the words follow "must be". */
const expectations: { readonly [option: string]: string } = ownMembers({
  options: "an object",
  signal: "an AbortSignal",
  integrity: 'a string such as "sha384-…"',
  onProgress: "a function",
  fetch: "a function like the global fetch",
  shape: "a shape, as inspect() returns it",
  adapters: "an array of adapters",
  api: "an interface, as t.api() returns it",
  imports: "an object of modules, or a function that returns one",
  missing: '"trap", "error", "zero", "warn", a function, or an object of these by pattern',
  create: "true or false",
  onTrap: '"poison", "restart" or "throw"',
  onRestart: "a function",
  initialize: "true, false, or a function of the instance",
  trace: "a function",
  limits: "an object with memoryPages, tableElements, handles and bytes, whole numbers from 0",
  retry: "an object with attempts, a whole number from 1 to 100, and delay, milliseconds from 0 to 60000",
  trampolines: "an object of compiled WebAssembly.Modules by signature",
  allocator: 'an object with the export names alloc and (if there is one) free, or "grow"',
  ledger: "a ledger, as createLedger() of unglue/ledger returns it",
  warn: "a function",
  names: "true or false",
});

/** What can be wrong with options. */
export const options: Pick<Explanations, "invalid-option" | "unknown-option" | "needs-bytes"> = {
  "invalid-option": ({ call, option, value, expected = expectations[option] ?? "another value" }) => {
    const received = describe(value);
    return [`${call}: ${option} must be ${expected}, and is ${received}.`, { call, option, expected, received }];
  },
  "unknown-option": ({ call, option, allowed }) => {
    const near = nearest(option, allowed);
    const hint = near === undefined ? `It takes ${allowed.join(", ")}.` : `Did you mean ${near}?`;
    return [
      `${call}: there is no option ${describe(option)}. ${hint}`,
      { call, option, ...(near !== undefined && { nearest: near }) },
    ];
  },
  "needs-bytes": (details) => [
    `The option ${details.option} needs the module's bytes, and the source is a compiled WebAssembly.Module. Load from the bytes, or leave the option out.`,
    details,
  ],
};
