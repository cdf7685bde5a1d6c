import { expectTypeOf, it } from "vitest";
import { go, loadProgram, type GoOptions, type ProgramGlobals } from "unglue/go";
import type { Adapter } from "unglue";

it("gives the functions of a program their stated types", async () => {
  const program = await loadProgram<{ add(a: number, b: number): number }>("./math.wasm", { args: ["-v"] });
  expectTypeOf(program.run).returns.resolves.toEqualTypeOf<number>();
  const { globals, exited } = await program.start({ stdin: () => Promise.resolve(undefined) });
  expectTypeOf(globals.add(1, 2)).toEqualTypeOf<number>();
  expectTypeOf(exited).resolves.toEqualTypeOf<number>();
  // @ts-expect-error -- a number is no text
  globals.add("1", 2);
});

it("has unknown globals without a type argument", async () => {
  const { globals } = await (await loadProgram("./math.wasm")).start();
  expectTypeOf(globals).toEqualTypeOf<ProgramGlobals>();
  expectTypeOf(globals["add"]).toEqualTypeOf<unknown>();
});

it("takes files, a process and paths of Node", async () => {
  const [fs, path, process] = [await import("node:fs"), await import("node:path"), await import("node:process")];
  expectTypeOf({ fs, path, process }).toExtend<GoOptions>();
  expectTypeOf(go).returns.toEqualTypeOf<Adapter>();
  // @ts-expect-error -- args is a list
  go({ args: "-v" });
});
