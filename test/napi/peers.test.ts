import * as core from "@emnapi/core";
import * as runtime from "@emnapi/runtime";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { load, loadSync } from "unglue";
import { napi } from "unglue/napi";
import { rejectionOf } from "../wat.ts";
import { small, type Small } from "./small.ts";

describe("the packages of Node-API", () => {
  it.each(["@emnapi/core", "@emnapi/runtime"])(
    "are asked for with the line that installs them, without %s",
    async (name) => {
      vi.doMock(name, () => {
        throw new Error("Cannot find package");
      });
      // Of this package alone: what is mocked and unmocked before the next import happens in any order.
      onTestFinished(() => void vi.doUnmock(name));
      const error = await rejectionOf(load(small, { adapters: [napi()] }));
      const install = "npm install @emnapi/core@1 @emnapi/runtime@1";
      expect(error).toMatchObject({ code: "peer-missing", details: { package: "@emnapi/core", install } });
      expect((error as Error).message).toContain(`Install them: \`${install}\`.`);
      // Those that are passed need no installation.
      expect((loadSync(small, { adapters: [napi({ core, runtime })] }).api as Small).answer()).toBe(42);
    },
  );
});
