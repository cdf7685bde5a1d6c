// The picture of docs/from-npm.md: what `unglue declare` prints in a terminal of 80 columns. Needs `npm run build`.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { chromium } from "playwright";
import { chromiumArgs, findChromium } from "../test/setup/chromium.mjs";

const root = join(import.meta.dirname, "..");
const command = "unglue declare prqlc/dist/node/prqlc_js_bg.wasm -o prqlc.js";
const folder = mkdtempSync(join(tmpdir(), "unglue-terminal-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(join(root, "node_modules/prqlc"), join(folder, "node_modules/prqlc"));
const printed = execFileSync(execPath, [join(root, "dist/cli/main.js"), ...command.split(" ").slice(1)], {
  cwd: folder,
  encoding: "utf8",
});
rmSync(folder, { recursive: true });

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const [title = "", ...lines] = printed.trimEnd().split("\n");
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
const page = await browser.newPage({ deviceScaleFactor: 2, viewport: { width: 760, height: 200 } });
await page.setContent(`<style>
  body { margin: 0; background: #14161c; }
  pre { margin: 0; padding: 18px 22px; color: #d5d9e2; font: 14px/1.5 "DejaVu Sans Mono", monospace; }
  b { color: #fff; } i { color: #7fd1b9; font-style: normal; }
</style><pre><i>$</i> npx ${escaped(command)}
<b>${escaped(title)}</b>
${escaped(lines.join("\n"))}</pre>`);
await page.locator("pre").screenshot({ path: join(root, "docs/images/declare.png") });
await browser.close();
