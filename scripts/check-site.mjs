/* global document, getComputedStyle */
// `npm run docs:check`: opens every page of docs/site in Chromium, light and dark, wide and narrow, and looks for links that lead
// nowhere, for what axe-core finds, for what is wider than the screen, and for what the search should find. Writes pictures of some
// and of the README to .vitest-attachments/site, for people to look at.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import markdownIt from "markdown-it";
import { chromium } from "playwright";
import { chromiumArgs, chromiumMissing, findChromium } from "../test/setup/chromium.mjs";

const site = fileURLToPath(new URL("../docs/site/", import.meta.url));
if (!existsSync(join(site, "index.html"))) throw new Error("docs/site is missing: make it with `npm run docs`.");
const executablePath = findChromium();
if (!executablePath) throw new Error(chromiumMissing);
const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

const files = readdirSync(site, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
const pages = files.filter((file) => file.endsWith(".html"));
/** Pages that people wrote, and one of each kind of the reference: the others have the same parts. */
const kinds = new Set();
const looked = pages.filter((page) => {
  const [folder, name] = page.split("/");
  if (name === undefined || folder === "appendix") return true;
  return !kinds.has(folder) && kinds.add(folder);
});

/** The pages of which there are pictures. */
const pictured = [
  "README.html",
  "index.html",
  "guide.html",
  "errors.html",
  "modules/unglue.html",
  "interfaces/unglue.Memory.html",
  "types/unglue.ObjectOf.html",
];
const pictures = fileURLToPath(new URL("../.vitest-attachments/site/", import.meta.url));
mkdirSync(pictures, { recursive: true });

const types = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml", webp: "image/webp" };
const server = createServer((request, response) => {
  const file = decodeURIComponent(new URL(request.url, "http://localhost").pathname).slice(1) || "index.html";
  if (file === "README.html") return response.writeHead(200, { "content-type": "text/html" }).end(readme());
  if (file === "docs/images/demo.webp") return response.end(readFileSync(new URL(`../${file}`, import.meta.url)));
  if (!files.includes(file)) return response.writeHead(404).end();
  const type = types[file.split(".").at(-1)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type }).end(readFileSync(join(site, file)));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const base = `http://127.0.0.1:${server.address().port}/`;

const problems = [...deadLinks()];
const browser = await chromium.launch({ executablePath, args: chromiumArgs });
try {
  await Promise.all(
    ["light", "dark"].map(async (colorScheme) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      for (const file of looked) await look(page, file, colorScheme);
      for (const file of pictured) await picture(page, file, colorScheme);
      if (colorScheme === "light") await search(page);
      await context.close();
    }),
  );
} finally {
  await browser.close();
  server.close();
}
for (const problem of new Set(problems)) console.error(problem);
console.log(`${pages.length} pages, ${looked.length} of them looked at: ${new Set(problems).size} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Returns the README as a page, about as GitHub and npm show it. */
function readme() {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>
    :root { color-scheme: light dark }
    body { max-width: 55rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 sans-serif }
    h2 { border-bottom: 1px solid #8884; padding-bottom: 0.3em }
    pre { padding: 1rem; overflow: auto; font-size: 85%; background: #8882 }
    :not(pre) > code { font-size: 85%; background: #8882; padding: 0.2em 0.4em }
    table { display: block; overflow: auto; border-collapse: collapse }
    td, th { border: 1px solid #8886; padding: 6px 13px }
    img { max-width: 100% }
  </style><body>${markdownIt({ html: true }).render(text)}</body></html>`;
}

/** Links to files and anchors that are not there. Addresses of other sites are not asked. */
function* deadLinks() {
  const ids = new Map();
  const idsOf = (page) => {
    if (!ids.has(page)) {
      const text = readFileSync(join(site, page), "utf8");
      ids.set(page, new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)));
    }
    return ids.get(page);
  };
  for (const page of pages) {
    const text = readFileSync(join(site, page), "utf8");
    for (const [, link] of text.matchAll(/<(?:a|link|script|img)\b[^>]*? (?:href|src)="([^"]*)"/g)) {
      const target = new URL(link.replaceAll("&amp;", "&"), `http://site/${page}`);
      if (target.host !== "site") continue;
      const file = decodeURIComponent(target.pathname).slice(1) || "index.html";
      const anchor = decodeURIComponent(target.hash.slice(1));
      if (!files.includes(file)) yield `${page}: ${link} leads to no file`;
      else if (anchor && file.endsWith(".html") && !idsOf(file).has(anchor))
        yield `${page}: ${link} leads to no heading`;
    }
  }
}

/** Lists the faults of a page, in one scheme, wide and narrow. */
async function look(page, file, colorScheme) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, file);
  await page.evaluate(axe);
  // The reference is TypeDoc's own markup: the guidelines hold for it, and not every practice that axe-core recommends.
  const rules = /^(?!modules)[^/]*$|^appendix/.test(file)
    ? {}
    : { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
  const { violations } = await page.evaluate(
    (rules) => globalThis.axe.run({ ...rules, resultTypes: ["violations"] }),
    rules,
  );
  for (const { id, help, nodes } of violations) {
    problems.push(`${file} (${colorScheme}): ${id}, ${help}: ${nodes.length} ×, first ${nodes[0].target.join(" ")}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) problems.push(`${file}: ${width} pixels wide on a screen of 390`);
}

/** Opens a page. It is hidden until TypeDoc's script has run. */
async function open(page, file) {
  await page.goto(base + file);
  await page.waitForFunction(() => getComputedStyle(document.body).display !== "none");
}

/** Keeps what a page looks like in one scheme, wide and narrow. */
async function picture(page, file, colorScheme) {
  await open(page, file);
  for (const [size, viewport] of Object.entries({
    wide: { width: 1280, height: 900 },
    narrow: { width: 390, height: 844 },
  })) {
    await page.setViewportSize(viewport);
    const name = file.replace(/\.html$/, "").replaceAll("/", "-");
    await page.screenshot({
      path: join(pictures, `${name}-${colorScheme}-${size}.png`),
      fullPage: file === "README.html",
    });
  }
}

/** The search finds pages, not only names of the reference. */
async function search(page) {
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const [words, found] of [
    ["ledger", "memory.html"],
    ["AudioWorklet", "recipes.html"],
    ["loadSync", "functions/"],
  ]) {
    await open(page, "index.html");
    await page.click("#tsd-search-trigger");
    await page.fill("#tsd-search-input", words);
    const hit = page.locator(`#tsd-search-results a[href*="${found}"]`).first();
    await hit.waitFor({ timeout: 10_000 }).catch(() => problems.push(`search: "${words}" does not find ${found}`));
  }
}
