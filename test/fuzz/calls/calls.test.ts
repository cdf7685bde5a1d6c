import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnglueError } from "unglue";
import { conventions } from "../../bind/bindgen.ts";
import { subjectOfBindgen } from "./bindgen.ts";
import { subjectOfC } from "./c.ts";
import { subjectOfHandles, subjectOfInstance } from "./instance.ts";
import { subjectOfLoads } from "./loads.ts";
import type { Call, Subject } from "./subject.ts";
import { hostile, Thrown } from "./values.ts";

const { env } = (globalThis as { readonly process?: { readonly env: Record<string, string | undefined> } }).process ?? {
  env: {},
};

/** Lets a promise fail. A proxy of one is none. */
function ignore(result: unknown): void {
  try {
    void Promise.prototype.then.call(result as Promise<unknown>, undefined, () => undefined);
  } catch {
    // It is no promise.
  }
}

// `npm run fuzz` sets these.
const seed = Number(env.UNGLUE_FUZZ_SEED ?? 20_260_101);
const runs = Number(env.UNGLUE_FUZZ_CALLS ?? 60);

const subjects = [
  await subjectOfC(),
  await subjectOfInstance(),
  await subjectOfHandles("heap"),
  await subjectOfHandles("externref"),
  await subjectOfLoads(),
  ...(await Promise.all(
    conventions.map(([name, convention]) => subjectOfBindgen(name, { ...convention, version: 119 })),
  )),
];

/** Far longer than any call takes, in milliseconds. */
const patience = 20_000;
const uncallable = /without 'new'|has been revoked|is not a function|incompatible receiver/;

/** How a call ended that should have ended otherwise; `undefined` for one that is as it should be. */
async function wrong(call: Call, args: readonly unknown[]): Promise<string | undefined> {
  try {
    const result = call.run(args);
    // The result of a synchronous call may be hostile itself.
    if (call.isAsync) return await ended(result);
    ignore(result);
    return undefined;
  } catch (error) {
    if (error instanceof Thrown) return undefined;
    if (call.callsBack && error instanceof TypeError && uncallable.test(error.message)) return undefined;
    if (!UnglueError.is(error)) return `threw ${textOf(error)}`;
    if (!call.codes.includes(error.code)) return `threw the code ${error.code}: ${error.message}`;
    return error.message === "" ? `has no words for ${error.code}` : undefined;
  }
}

/** A promise that never settles is told by its values, and not by the time of the test. */
async function ended(result: unknown): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, patience, "never ended");
  });
  try {
    return await Promise.race([Promise.resolve(result).then(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? String(error)) : `no error: ${String(error)}`;
  } catch {
    return "what cannot be shown";
  }
}

async function fuzz({ calls, state }: Subject, call: Call, at: number): Promise<void> {
  const before = await state();
  const args = fc.tuple(...Array.from({ length: call.args }, () => hostile));
  await fc.assert(
    fc.asyncProperty(args, async (recipes) => {
      if (env.UNGLUE_FUZZ_TRACE) console.error(call.name, recipes.map(({ text }) => text).join(", "));
      const found = await wrong(call, recipes.map((recipe) => recipe.make())); // prettier-ignore
      const what = `${call.name}(${recipes.map(({ text }) => text).join(", ")})`;
      const after = await state();
      if (found !== undefined) throw new Error(`${what} ${found}`);
      expect(after, what).toEqual(before);
    }),
    { seed: seed + at, numRuns: call.args === 0 ? 1 : runs, endOnFailure: env.UNGLUE_FUZZ_SHRINK === undefined },
  );
  expect(calls).toContain(call);
}

describe.each(subjects.map((subject) => [subject.name, subject] as const))("%s", (_, subject) => {
  it.each(subject.calls.map((call, at) => [call.name, call, at] as const))(
    "%s works, is refused by its code, or throws the caller's own",
    async (_, call, at) => {
      await fuzz(subject, call, at);
    },
    600_000,
  );
});
