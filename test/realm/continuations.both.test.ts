import { type InstantiateOptions, load } from "unglue";
import { describe, expect, it } from "vitest";
import { rejectionOf } from "../wat.ts";
import { api } from "./api.ts";
import { builds, host, realmFile, realmUrl } from "./built.ts";

/** The steps of an `async fn` after the first run in microtasks, which have no caller. */
const model = await realmFile("models/constitution.rlm");
const everyBuild = builds.map(({ name }) => name);

async function start(build: string, options: InstantiateOptions) {
  const failure: { error: Error | undefined } = { error: undefined };
  const wasm = await load(realmUrl(`built/${build}.wasm`), {
    ...options,
    api,
    imports: (instance) => {
      const env = host(() => instance.memory, new Map());
      return {
        env: {
          ...env,
          realm_matrix_product: (...args: Parameters<typeof env.realm_matrix_product>) => {
            if (failure.error) throw failure.error;
            env.realm_matrix_product(...args);
          },
        },
      };
    },
  });
  return { wasm, failure };
}

type Realm = Awaited<ReturnType<typeof start>>["wasm"];

/** Makes the next step of every generator panic: the columns of a matrix are no longer those of its vector. */
function corrupt({ memory: { u32 } }: Realm): void {
  for (let at = 0; at < u32.length - 1; at++) if (u32[at] === 64 && u32[at + 1] === 96) u32[at + 1] = 97;
}

/** Begins a call of each of two objects. */
function beginTwo({ api: { Realm } }: Realm) {
  const realm = Realm.fromModel(model);
  return [realm.fork().generateInPieces("The"), realm.generateInPieces("We ")] as const;
}

describe.each(everyBuild)("an async fn of %s", (build) => {
  it.each([
    ["restart", "live"],
    ["poison", "poisoned"],
    ["throw", "live"],
  ] as const)("that panics after its first step rejects with the trap under onTrap: %s", async (onTrap, state) => {
    const { wasm } = await start(build, { onTrap });
    const calls = beginTwo(wasm);
    corrupt(wasm);
    for (const error of await Promise.all(calls.map(rejectionOf))) {
      expect(error).toMatchObject({ code: "trap", details: { export: expect.any(String) as string } });
    }
    expect(wasm.state).toBe(state);
    if (onTrap === "restart") {
      expect(await wasm.api.Realm.fromModel(model).generateInPieces("The")).not.toBe("");
    }
  });

  it.each([
    ["throw", "live"],
    ["restart", "live"],
    ["poison", "poisoned"],
  ] as const)("rejects with the exception of a host function under onHostThrow: %s", async (onHostThrow, state) => {
    const { wasm, failure } = await start(build, { onHostThrow });
    const calls = beginTwo(wasm);
    failure.error = new RangeError("of the host");
    for (const error of await Promise.all(calls.map(rejectionOf))) expect(error).toBe(failure.error);
    expect(wasm.state).toBe(state);
    if (onHostThrow === "poison") return;
    failure.error = undefined;
    const next = wasm.api.Realm.fromModel(model);
    expect(next.generate("The")).not.toBe("");
  });
});
