import { inspect } from "node:util";
import { offload } from "unglue/offload";
import { describe, expect, it } from "vitest";
import { createMaker } from "../../src/offload/host.ts";
import { nodePlatform } from "../../src/platform/node.ts";
import { workerUnavailable } from "../../src/offload/unusable.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const secret = "s3cr3t";

describe("the password in the address of a worker", () => {
  it("stands in no error of a platform that refuses it, nor in the cause", async () => {
    for (const host of ["unglue.test", "not a host"]) {
      const worker = `https://usr:${secret}@${host}/worker.js`;
      const error = await rejectionOf(offload(await wat("(module)"), { worker }));
      const script = `https://***@${host}/worker.js`;
      expect(error).toMatchObject({ code: "worker-unavailable", details: { reason: "refused", script } });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
  });

  it("stands in no error that quotes the address in its own members", () => {
    const script = `https://usr:${secret}@unglue.test/worker.js`;
    const make = createMaker(
      {
        platform: nodePlatform,
        makeWorker: () => {
          throw Object.assign(new TypeError(`Failed to construct 'Worker': ${script}`), { input: script });
        },
      },
      script,
    );
    expect(inspect(thrownBy(make), { depth: 9, showHidden: true })).not.toContain(secret);
  });

  it("stands in no details where the script is missing", () => {
    const error = workerUnavailable("missing", `https://usr:${secret}@unglue.test/worker.js`);
    expect(error.details.script).toBe("https://***@unglue.test/worker.js");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  });
});
