import { inspect } from "node:util";
import { expect, it } from "vitest";
import { loadSync } from "unglue";
import { wat } from "../wat.ts";

it("console.log of an instance, alone or inside something, is a line", async () => {
  const wasm = loadSync(await wat(`(module (memory (export "memory") 1) (func (export "trap") unreachable))`));
  expect(inspect(wasm)).toBe('Instance { state: "live", toolchain: "unknown", exports: 2, imports: 0 }');
  expect(inspect({ wasm, memory: wasm.memory }, { depth: 0 })).not.toContain("shape");
  expect(inspect([wasm.memory], { getters: true })).toBe("[ Memory { bytes: 65536 } ]");
  wasm.dispose();
  expect(inspect(wasm, { getters: true, showHidden: false })).toContain('state: "disposed"');
});
