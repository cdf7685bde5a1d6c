import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadProgram, type RunningProgram } from "unglue/go";
import { goBytes, type Served, versions } from "./fixture.ts";
import { described, scenario } from "./scenario.ts";
// Go's own file, as a package that Go built ships it: it serves every version since Go 1.21.
import "esbuild-wasm/wasm_exec.js";

/** The class that `wasm_exec.js` sets. */
interface OwnRuntime {
  readonly importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

const page = globalThis as unknown as { readonly Go: new () => OwnRuntime; goTarget?: Record<string, unknown> };
const own = new Map<string, Served>();

/** Starts a program with Go's own file. Its functions are members of an object, and not of the page. */
async function startWithOwn(version: string): Promise<Served> {
  const target: Record<string, unknown> = {};
  page.goTarget = target;
  const runtime = new page.Go();
  const { instance } = await WebAssembly.instantiate(await goBytes(`program-${version}`), runtime.importObject);
  void runtime.run(instance);
  delete page.goTarget;
  return target as Served;
}

beforeAll(async () => {
  for (const version of versions) own.set(version, await startWithOwn(version));
}, 60_000);

describe.each(versions)("values of Go %s", (version) => {
  let running: RunningProgram<Served>;

  beforeAll(async () => {
    const program = await loadProgram<Served>(await goBytes(`program-${version}`));
    running = await program.start();
  }, 60_000);
  afterAll(() => running.dispose());

  it.each(Object.entries(scenario))("%s: are those of wasm_exec.js", (_, act) => {
    const [ours, theirs] = [running.globals, own.get(version) as Served].map((go) => described(act(go)));
    expect(ours).toEqual(theirs);
    expect(JSON.stringify(ours)).not.toContain("undefined is not a function");
  });

  it("wait for timers and promises, side by side", async () => {
    const waits = [30, 5, 20].map((time) => running.globals["later"]?.(time));
    expect(await Promise.all(waits)).toEqual([true, true, true]);
  });

  it("have the version of the program", () => {
    expect(running.globals["version"]?.()).toMatch(`go${version}`);
  });
});
