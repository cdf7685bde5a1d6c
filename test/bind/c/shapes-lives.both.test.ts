import { expect, it } from "vitest";
import { compile, load, t } from "unglue";
import { thrownBy } from "../../wat.ts";
import { buffers, fixture } from "./shapes.ts";

const api = t.api({ ...buffers.members, trap: t.fn([], t.void) });
const source = Uint8Array.of(1, 2);
const packed = [0, Uint8Array.of(1, 1, 2, 2)];

it("buffers and in-out parameters lead to the next life after a restart", async () => {
  const wasm = await load(fixture("shapes"), { api, onTrap: "restart" });
  const { pack, next_random, trap } = wasm.api;
  expect(pack(9, source, 1)).toEqual(packed);
  expect(thrownBy(trap)).toMatchObject({ code: "trap" });
  expect([pack(9, source, 1), next_random(1)[0], wasm.api.live_allocations()]).toEqual([packed, 16_838, 0]);
});

it("buffers and in-out parameters serve the instances of a pool", async () => {
  const module = await compile(fixture("shapes"));
  const pool = module.pool({ max: 2, api });
  const results = await Promise.all(
    [1, 2, 3].map(() => pool.use((wasm) => [wasm.api.pack(9, source, 1), wasm.api.next_random(1)[0]])),
  );
  expect(results).toEqual([1, 2, 3].map(() => [packed, 16_838]));
  await pool.dispose();
});
