import { expect, it } from "vitest";
import { importCounted, stepsOf } from "../steps.ts";
import { bumpModule, load } from "./modules.ts";

const { createGrownAllocator } = await importCounted(() => import("../../src/memory/grown.ts"));
const { createArena } = await importCounted(() => import("../../src/memory/arena.ts"));

/** Steps of `work` for each of `count` things, where it does `count` times as many. */
async function stepsEach(file: string, count: number, work: (count: number) => void): Promise<number> {
  return (await stepsOf(file, () => work(count))) / count;
}

const pageSize = 65_536;

function grown() {
  let pages = 1;
  return createGrownAllocator(
    {
      get byteLength() {
        return pages * pageSize;
      },
      grow: (delta) => (pages += Number(delta)) - Number(delta),
    },
    pageSize,
    undefined,
  );
}

it.each([
  ["with gaps that are too small", (at: number) => at % 2 === 0],
  ["in order", () => true],
  ["and never freed", () => false],
])("memory that is grown takes as many steps for each allocation however many there are, %s", async (_, isFreed) => {
  const work = (count: number): void => {
    const allocator = grown();
    const small = Array.from({ length: count }, () => allocator.alloc(16, 8));
    small.filter((__, at) => isFreed(at)).forEach((address) => allocator.free(address, 16, 8));
    const large = Array.from({ length: count / 2 }, () => allocator.alloc(32, 8));
    small.filter((__, at) => !isFreed(at)).forEach((address) => allocator.free(address, 16, 8));
    large.reverse().forEach((address) => allocator.free(address, 32, 8));
  };
  for (const file of ["memory/grown.ts", "memory/free-ranges.ts"]) {
    const few = await stepsEach(file, 500, work);
    const many = await stepsEach(file, 8000, work);
    expect(few).toBeGreaterThan(3);
    expect(many / few).toBeLessThan(1.3);
  }
});

it.each([
  ["the first made", (held: number[]) => held],
  ["the last made", (held: number[]) => [...held].reverse()],
  ["every second", (held: number[]) => held.filter((_, at) => at % 2 === 0)],
])("an arena hands over %s in as many steps for each, however many it holds", async (_, choose) => {
  const { memory } = await load(bumpModule({ memory: "1 2000" }));
  const work = (count: number): void => {
    const arena = createArena({
      memory,
      check: () => undefined,
      free: (address, size, align) => memory.free(address, size, align),
      forget: (address) => memory.release(address),
      allocText: () => memory.allocString,
      enter: () => undefined,
      arenas: undefined,
    });
    const held = Array.from({ length: count }, () => arena.alloc(8));
    choose(held).forEach((address) => arena.release(address));
    arena.dispose();
  };
  const few = await stepsEach("memory/arena.ts", 500, work);
  const many = await stepsEach("memory/arena.ts", 8000, work);
  expect(few).toBeGreaterThan(3);
  expect(many / few).toBeLessThan(1.3);
});
