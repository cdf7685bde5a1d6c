import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { loadCommand, memoryDirectory, wasi } from "unglue/wasi";
import { thrownBy } from "../wat.ts";
import { collector } from "./fixture.ts";

/** Go, at its usual place or in the path. Its modules are too large to be committed. */
const go = ["/usr/local/go/bin/go", "go"].find((path) => spawnSync(path, ["version"]).status === 0);
const folder = mkdtempSync(join(tmpdir(), "unglue-go-"));
const built = (name: string) => join(folder, `${name}.wasm`);

function build(name: string, source: string, ...flags: readonly string[]): void {
  const env = { ...process.env, GOOS: "wasip1", GOARCH: "wasm" };
  const from = join(import.meta.dirname, "../fixtures/wasi", source);
  execFileSync(go ?? "", ["build", "-ldflags=-s -w", ...flags, "-o", built(name), from], { env });
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(go === undefined)("Go for wasip1", () => {
  beforeAll(() => {
    build("command", "command.go");
    build("reactor", "go-reactor/main.go", "-buildmode=c-shared");
  }, 300_000);

  it("runs a command with goroutines, input, files and an exit code, twice", async () => {
    const program = await loadCommand(built("command"));
    const work = await memoryDirectory();
    const options = { args: ["/data/out.txt"], env: { NAME: "Zoë" }, preopens: { "/data": work } };
    expect(await program.run({ ...options, stdin: "one\ntwo\n" })).toEqual({
      exitCode: 7,
      stdout: "ONE\nTWO\nslept 2 Zoë\nwritten by Go\n<nil>\n",
      stderr: "",
    });
    expect(work.text("out.txt")).toBe("written by Go\n");
    const real = await program.run({ args: ["/data/real.txt"], preopens: { "/data": folder } });
    expect([real.exitCode, readFileSync(join(folder, "real.txt"), "utf8")]).toEqual([7, "written by Go\n"]);
  });

  it("serves a reactor through its interface", async () => {
    const out = collector();
    const wasm = await load(built("reactor"), {
      api: t.api({ add: t.fn([t.i32, t.i32], t.i32), report: t.fn([], t.i32), leave: t.fn([t.i32], t.void) }),
      imports: wasi({ env: { NAME: "Zoë" }, stdout: out.write }),
    });
    expect([wasm.toolchain.name, wasm.api.add(1, 2), wasm.api.add(3, 4), wasm.api.report()]).toEqual(["go", 3, 7, 2]);
    expect(out.text()).toBe("calls: 2 Zoë\n");
    expect(thrownBy(() => wasm.api.leave(5))).toMatchObject({ code: "exited", details: { exitCode: 5 } });
  });
});
