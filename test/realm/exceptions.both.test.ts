import { load, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../wat.ts";
import { api } from "./api.ts";
import { builds, host, realmFile, realmUrl } from "./built.ts";

const model = await realmFile("models/constitution.rlm");

async function start(build: string) {
  const wasm = await load(realmUrl(`built/${build}.wasm`), {
    api,
    imports: (instance) => ({
      env: {
        ...host(() => instance.memory, new Map()),
        realm_matrix_product: () => {
          throw new RangeError("of the host");
        },
      },
    }),
  });
  return wasm.api.Realm.fromModel(model);
}

describe.each(builds)("after exceptions of a host function, $name", ({ name, results }) => {
  it("restores its stack, or its trap says that it cannot", async () => {
    const realm = await start(name);
    let error: unknown;
    for (let call = 0; call < 4000 && !UnglueError.is(error); call++) error = thrownBy(() => realm.generate("The"));
    if (results === "return-pointer") {
      expect(error).toEqual(new RangeError("of the host"));
      return;
    }
    if (!UnglueError.is(error, "trap")) throw error;
    expect(error.details.lostFrames).toBeGreaterThan(1000);
    expect(error.message).toContain(`Before it ${error.details.lostFrames} calls ended with an exception`);
    expect(error.message).toContain('load with onHostThrow: "restart"');
  });

  it("tells why an object is in use that no running call uses", async () => {
    const realm = await start(name);
    thrownBy(() => realm.generate("The"));
    const { message } = thrownBy(() => {
      realm.loadModel(model);
    }) as Error;
    expect(message).toMatch(/in use, and no other call is running: an exception ended an earlier call of it/);
    expect(message).toContain('load with onHostThrow: "restart"');
  });

  it("names the call that uses an object once", async () => {
    const wasm = await load(realmUrl(`built/${name}.wasm`), {
      api,
      imports: (instance) => ({ env: host(() => instance.memory, new Map()) }),
    });
    const realm = wasm.api.Realm.fromModel(model);
    let message = "";
    const receive = () => {
      message = (
        thrownBy(() => {
          realm.loadModel(model);
        }) as Error
      ).message;
      return false;
    };
    const stopped = thrownBy(() => {
      realm.generateStream("The", receive);
    });
    expect(String(stopped)).toContain("stopped by its receiver");
    expect(message).toMatch(/ while "?\w*generateStream"? was running\. Call it once that call has ended/);
  });
});
