import { describe, expect, it } from "vitest";
import { inspect, t } from "unglue";
import { fetchChunks } from "../../src/instance/chunks.ts";
import { heap } from "../bind/bindgen.ts";
import { mixed } from "../bind/mixed.ts";

const shape = inspect(await mixed(heap));
const c = { convention: "c" } as const;
const one = t.fn([t.cstring], t.u32);
const ofC = t.fn([t.cstring], t.u32, c);

describe("C's convention", () => {
  it.each([
    ["a member states it", t.api({ one: ofC }), true],
    ["a class states it", t.api({ One: t.class({ new: t.ctor([]) }, c) }), true],
    ["a member of a class states it", t.api({ One: t.class({ one: t.static([], t.u32, c) }) }), true],
    ["a field states it", t.api({ One: t.class({ one: t.field(t.u32, c) }) }), true],
    ["the interface states it", t.api({ one }, c), true],
    ["nothing states it", t.api({ one, c: t.fn([], t.u32, { export: "c" }) }), false],
  ])("is fetched for a module whose adapter has another only where %s", async (_, api, isFetched) => {
    const { binder, cCalling } = await fetchChunks(shape, { api });
    expect(binder).toBeDefined();
    expect(cCalling !== undefined).toBe(isFetched);
  });

  it("is fetched where no adapter serves the module", async () => {
    const { cCalling } = await fetchChunks(shape, { api: t.api({ one }), toolchain: "c" });
    expect(cCalling).toBeDefined();
    expect((await fetchChunks(shape, { toolchain: "c" })).cCalling).toBeUndefined();
  });

  it("is not looked for in what cannot be read", async () => {
    const members = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("unreadable");
        },
      },
    );
    expect((await fetchChunks(shape, { api: { members } })).cCalling).toBeUndefined();
  });
});
