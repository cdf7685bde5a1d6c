// `npm run demo`: real modules from other people's packages, loaded without their JavaScript in Node and in headless
// Chromium by the same code, and compared with what each package's own JavaScript returns. It leaves a picture behind.
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { chromium } from "playwright";
import { chromiumArgs, chromiumMissing, findChromium } from "../test/setup/chromium.mjs";
import { ownAnswer } from "./own.mjs";
import { play, scenarios } from "./scenarios.mjs";
import { bytesOf, startServer } from "./server.mjs";

const built = new URL("../dist/node.js", import.meta.url);
if (!existsSync(built)) throw new Error(`${fileURLToPath(built)} is missing: build it with \`npm run build\`.`);
const library = await import(built);

const server = await startServer();
const modules = `${server.url}modules/`;
const browser = await openBrowser();
const rows = [];
try {
  for (const { name } of scenarios) rows.push(await compare(name));
} finally {
  await browser?.close();
  server.close();
}
print();
keepPicture();
process.exitCode = rows.every(({ web, runtimesAgree, packageAgrees }) => packageAgrees && (!web || runtimesAgree))
  ? 0
  : 1;

/** A page that knows the library and the scenarios; `undefined` where no browser is installed. */
async function openBrowser() {
  const executablePath = findChromium();
  if (!executablePath) return undefined;
  const instance = await chromium.launch({ executablePath, args: chromiumArgs });
  const page = await instance.newPage();
  await page.goto(server.url);
  return {
    version: instance.version(),
    play: (name) =>
      page.evaluate(
        async ({ name, base }) => {
          const { play } = await import("/demo/scenarios.mjs");
          return play(await import("/dist/browser.js"), name, base);
        },
        { name, base: modules },
      ),
    close: () => instance.close(),
  };
}

/** Runs a scenario in both runtimes and asks the package itself. */
async function compare(name) {
  const scenario = scenarios.find((one) => one.name === name);
  const node = await attempt(() => play(library, name, modules));
  const web = browser && (await attempt(() => browser.play(name)));
  const expected = JSON.stringify(await ownAnswer(scenario, modules));
  const ran = [node, ...(web ? [web] : [])];
  return {
    name,
    bytes: (await bytesOf(name)).length,
    node,
    web,
    runtimesAgree: web && !node.error && node.answer === web.answer,
    packageAgrees: ran.every(({ answer }) => answer === expected),
  };
}

async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    return { error: error.stack };
  }
}

function print() {
  const colored = process.stdout.isTTY && !process.env.NO_COLOR;
  const table = new Table({
    head: [
      "module",
      "toolchain",
      "imports",
      "size",
      "ms in\nNode",
      "ms in\nChromium",
      "result",
      "both\nagree",
      "own JS\nagrees",
    ],
    colAligns: ["left", "left", "left", "right", "right", "right", "left", "left", "left"],
    style: { head: colored ? ["bold"] : [], border: colored ? ["grey"] : [], compact: true },
  });
  for (const { name, bytes, node, web, runtimesAgree, packageAgrees } of rows) {
    const told = node.error ? (web ?? node) : node;
    table.push([
      name.replace("-debug", ""),
      [told.toolchain, told.version].filter(Boolean).join(" "),
      told.providers ? listProviders(told.providers) : "",
      sizeOf(bytes),
      loadTime(node),
      web ? loadTime(web) : "–",
      told.result ?? "",
      web ? yesOrNo(runtimesAgree) : "–",
      yesOrNo(packageAgrees),
    ]);
  }
  const runtimes = `Node ${process.versions.node}${browser ? ` and Chromium ${browser.version}` : ""}`;
  console.log(`\nReal modules from npm packages, loaded without their JavaScript in ${runtimes}\n`);
  console.log(table.toString());
  console.log(
    "ms: fetch, compile and instantiate over local HTTP, median of 5. Both: Node and Chromium, to the byte.\n" +
      "Own JS: what the package's JavaScript returns for the same input, in Node; nowhere else does any of it run.",
  );
  for (const { name, node, web } of rows) {
    if (node.error) console.log(`\n${name} failed in Node: ${node.error}`);
    if (web?.error) console.log(`\n${name} failed in Chromium: ${web.error}`);
  }
  if (!browser) console.log(`\n${chromiumMissing}`);
}

/** Writes what resvg has drawn, in each runtime. */
function keepPicture() {
  const { node, web, runtimesAgree, packageAgrees } = rows.find(({ name }) => name === "resvg");
  const folder = new URL("out/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const written = Object.entries({ node, chromium: web }).flatMap(([runtime, ran]) => {
    if (!ran?.answer) return [];
    const file = new URL(`${runtime}.png`, folder);
    writeFileSync(file, Buffer.from(JSON.parse(ran.answer).png, "base64"));
    return [relative(process.cwd(), fileURLToPath(file))];
  });
  if (written.length === 0) return;
  const same = runtimesAgree && packageAgrees ? "\n(the same bytes as the package's own)" : "";
  console.log(`\nThe picture that resvg drew, from its .wasm alone: ${written.join(" and ")}${same}`);
}

function listProviders(providers) {
  const counts = Object.entries(providers).map(([provider, times]) => `${times} ${provider}`);
  return counts.join("\n") || "none";
}

function sizeOf(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toPrecision(3)} kB` : `${(bytes / 1e6).toPrecision(3)} MB`;
}

function loadTime({ milliseconds }) {
  return milliseconds === undefined ? "failed" : milliseconds.toFixed(1);
}

function yesOrNo(value) {
  return value ? "yes" : "NO";
}
