import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Output } from "../../src/cli/output.ts";

/** A terminal without color, 80 columns wide, that keeps what is written to it. */
export function terminal(
  isTerminal = false,
): Output & { readonly written: () => string; readonly remarked: () => string } {
  let [out, err] = ["", ""];
  return {
    width: 80,
    isTerminal,
    write: (text) => void (out += text),
    remark: (text) => void (err += `${text}\n`),
    strong: (text) => text,
    faint: (text) => text,
    written: () => out,
    remarked: () => err,
  };
}

/** A folder that is removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unglue-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
