// Runs the tests of Go programs with programs of every version from 1.21 on: `test/fixtures/go` has the first and the last, and
// this builds the others. It needs Go, which fetches the other versions. The one before 1.21 must be refused.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { env, execPath, exit } from "node:process";
import { pathToFileURL } from "node:url";
import { loadProgram } from "../../dist/go-node.js";

const root = join(import.meta.dirname, "../..");
const go = ["/usr/local/go/bin/go", "go"].find((name) => spawnSync(name, ["version"]).status === 0);
if (!go) throw new Error("Go is not installed. Install any version from 1.21 on: it fetches the others.");

const toolchains = ["go1.20.14", "go1.22.12", "go1.23.12", "go1.24.13", "go1.25.7"];
const folder = mkdtempSync(join(tmpdir(), "unglue-go-versions-"));
try {
  const [old = "", ...versions] = toolchains.map((toolchain) => {
    const version = toolchain.replace(/^go(\d+\.\d+).*$/, "$1");
    execFileSync(
      go,
      ["build", "-trimpath", "-ldflags=-s -w", "-o", join(folder, `program-${version}.wasm`), "program.go"],
      {
        cwd: join(root, "test/fixtures/go"),
        env: { ...env, GOTOOLCHAIN: toolchain, GOOS: "js", GOARCH: "wasm" },
        stdio: "inherit",
      },
    );
    return version;
  });
  const refusal = await loadProgram(readFileSync(join(folder, `program-${old}.wasm`))).catch((error) => error);
  if (refusal.code !== "unsupported-module" || refusal.details.feature !== "Go before 1.21")
    throw new Error(`The program of Go ${old} is not refused by name.`, { cause: refusal });
  const vitest = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/vitest.config.ts",
    "--project",
    "node",
    "test/go",
  ];
  const { status } = spawnSync(execPath, vitest, {
    cwd: root,
    stdio: "inherit",
    env: { ...env, UNGLUE_GO_VERSIONS: versions.join(" "), UNGLUE_GO_FOLDER: pathToFileURL(folder + sep).href },
  });
  if (status !== 0) exit(1);
} finally {
  rmSync(folder, { recursive: true });
}
