import { load, type Limits, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { api } from "./api.ts";
import { builds, host, realmFile, realmUrl } from "./built.ts";

const model = await realmFile("models/constitution.rlm");

const start = (build: string, onTrap: "poison" | "restart" | "throw", limits: Limits) =>
  load(realmUrl(`built/${build}.wasm`), {
    api,
    onTrap,
    limits,
    imports: (instance) => ({ env: host(() => instance.memory, new Map()) }),
  });

describe.each(builds.map(({ name }) => name))("an argument that does not fit the memory of %s", (build) => {
  it.each(["poison", "restart", "throw"] as const)("is a trap that says so under onTrap: %s", async (onTrap) => {
    // Each call is the first that allocates in its life.
    for (const call of ["bytes", "text"] as const) {
      const wasm = await start(build, onTrap, { memoryPages: 40 });
      const { Realm } = wasm.api;
      const error =
        call === "bytes"
          ? thrownBy(() => Realm.fromModel(new Uint8Array(4_000_000)))
          : thrownBy(() => new Realm().generate("x".repeat(4_000_000)));
      if (!UnglueError.is(error, "trap")) throw error;
      expect(error.details).toMatchObject({
        export: expect.stringMatching(/malloc|export/) as string,
        call: expect.stringMatching(/^Realm\./) as string,
        memory: { asked: 62, maximum: 40, limit: "memoryPages" },
      });
      expect(error.message).toMatch(
        /Out of memory: asked for 62 pages more, and it has \d+ of at most 40 pages\. Free what is not needed, or raise limits\.memoryPages\./,
      );
      expect(wasm.state).toBe(onTrap === "poison" ? "poisoned" : "live");
      if (onTrap === "restart") expect(Realm.fromModel(model).isLoaded()).toBe(true);
    }
  });
});
