// The programs in `examples/`, each with what it must answer. `run.mjs` copies each, installs it and runs it.
/* global fetch */
import { deepStrictEqual, match } from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Tools - What an example is run with, in its installed copy.
 * @property {(command: string[]) => Promise<{ stdout: string }>} run - Runs a program to its end.
 * @property {(command: string[]) => Promise<string>} runFailing - The same for a program that must fail. Returns what it
 *   printed.
 * @property {(command: string[], body: (url: string) => Promise<T>) => Promise<T>} withServer - Runs a server on a free
 *   port, which is appended to the command and in `PORT`.
 * @property {(url: string, path: string) => Promise<[number, string]>} get - Fetches a status and a text.
 * @property {(url: string, text: string) => Promise<string>} read - Opens a page in Chromium, waits for a text and returns
 *   what the page shows.
 * @property {(url: string, body: (page: import("playwright").Page) => Promise<T>) => Promise<T>} browse - Opens a page in
 *   Chromium.
 * @template T
 */

/** @type {{ name: string, check: (tools: Tools<string>) => Promise<string> }[]} Each check returns the answer. */
export const examples = [
  {
    name: "cli",
    async check({ run }) {
      const { stdout } = await run(["npm", "start", "--silent", "--", "hello.txt"]);
      return equal(stdout, "3610a686  hello.txt\n").trim();
    },
  },
  {
    name: "vitest-leaks",
    async check({ runFailing }) {
      const output = await runFailing(["npm", "test", "--silent"]);
      match(output, /Tests +1 failed \| 1 passed/);
      match(output, /FAIL +checksum\.test\.js > leakyChecksum/);
      const [answer] = found(output, /Not freed: 1 allocation, 5 bytes\./);
      const [place] = found(output, /leakyChecksum \(.*checksum\.js:13:\d+\)/);
      return `${answer} ${place.replace(/\(.*[\\/]/, "(")}`;
    },
  },
  {
    name: "hono-tenants",
    check({ withServer, get }) {
      return withServer(["node", "server.js"], async (url) => {
        const london = equal(await get(url, "london/greet/Ada"), [200, "Hello, Ada!"]);
        const berlin = equal(await get(url, "berlin/greet/Ada"), [200, "Hallo, Ada!"]);
        equal(await get(url, "paris/greet/Ada"), [404, "404 Not Found"]);
        return `${london[1]} ${berlin[1]}`;
      });
    },
  },
  {
    name: "tenants",
    async check({ run }) {
      const { stdout } = await run(["node", fileURLToPath(new URL("../realm/tenants/run.mjs", import.meta.url))]);
      return stdout.trim().replaceAll("\n", "\n     ");
    },
  },
  {
    name: "vite-react",
    async check({ run, withServer, read }) {
      await run(["vite", "build"]);
      return withServer(["vite", "preview", "--strictPort", "--host", "127.0.0.1", "--port"], (url) =>
        read(url, "Hello, React!"),
      );
    },
  },
  {
    name: "cloudflare",
    async check({ run, withServer, get }) {
      await run(["npm", "run", "shape", "--silent"]);
      await run(["npm", "run", "declare", "--silent", "--", "--check"]);
      await run(["wrangler", "deploy", "--dry-run", "--outdir", "out"]);
      return withServer(["wrangler", "dev", "--ip", "127.0.0.1", "--port"], async (url) => {
        const [, text] = equal(await get(url, "Worker"), [200, "Hello, Worker!"]);
        equal(await get(url, "sql/from%20employees"), [200, await compileWithGlue("from employees", run)]);
        return text;
      });
    },
  },
  {
    name: "page",
    async check({ run, withServer, browse }) {
      await run(["vite", "build"]);
      return withServer(["vite", "preview", "--strictPort", "--host", "127.0.0.1", "--port"], (url) =>
        browse(url, async (page) => {
          const { headers } = await headersOf(url);
          match(headers.get("content-security-policy"), /script-src 'self' 'wasm-unsafe-eval'/);
          await page.locator("#generate:enabled").waitFor();
          const size = (await statOf("examples/page/src/realm.wasm")).size;
          equal(await page.locator("#progress").evaluate((bar) => [bar.value, Number(bar.dataset.loaded)]), [1, size]);
          match(await page.locator("#figures").innerText(), /wasm-bindgen 0\.2\.130[^]*of them 0 stubs/);
          const prompt = "We the People";
          const generate = async (seed) => {
            await page.getByLabel("Begin with").fill(prompt);
            await page.getByLabel("Letters").fill("80");
            await page.getByLabel("Seed").fill(String(seed));
            await page.getByRole("button", { name: "Generate" }).click();
            await page.getByText(/^80 letters in \d+ ms\.$/).waitFor();
            return page.locator("#text").innerText();
          };
          const texts = [await generate(7), await generate(8), await generate(7)];
          equal([texts[0] === texts[2], texts[0] === texts[1]], [true, false]);
          equal(texts[0].startsWith(prompt), true);
          await page.getByLabel("Letters").fill("1000000");
          await page.getByRole("button", { name: "Generate" }).click();
          await page.getByRole("button", { name: "Stop" }).click();
          await page.getByText("Stopped.").waitFor();
          equal((await generate(7)) === texts[0], true);
          await page.locator("summary").click();
          await picture(page, "page");
          return texts[0].slice(0, 40).replaceAll(/\s+/g, " ");
        }),
      );
    },
  },
  {
    name: "next",
    async check({ run, withServer, read, get, browse }) {
      await run(["npm", "run", "declare", "--silent", "--", "--check"]);
      await run(["next", "build"]);
      return withServer(["next", "start", "--hostname", "127.0.0.1", "--port"], async (url) => {
        const page = await read(url, "Hello, server component!");
        const sql = await compileWithGlue("from employees", run);
        equal(await get(url, "sql?text=from employees"), [200, sql]);
        await browse(url, async (page) => {
          await page.getByRole("button", { name: "SQL:" }).click();
          await page.getByRole("button", { name: "FROM employees" }).waitFor();
        });
        const [, text] = equal(await get(url, "greet?name=Next"), [200, "Hello, Next!"]);
        return `${page} ${text}`;
      });
    },
  },
];

/** The answer of the package's own JavaScript. */
async function compileWithGlue(text, run) {
  const program = `process.stdout.write(require("prqlc/dist/node/prqlc_js.js").compile(${JSON.stringify(text)}))`;
  const { stdout } = await run(["node", "--eval", program]);
  return stdout;
}

/** Requests a page as a browser that accepts compressed answers. */
function headersOf(url) {
  return fetch(url, { headers: { "accept-encoding": "gzip" } });
}

/** Leaves a picture of a page for people to look at. */
async function picture(page, name) {
  const folder = new URL("../../.vitest-attachments/examples/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, folder)), fullPage: true });
}

function statOf(path) {
  return stat(new URL(`../../${path}`, import.meta.url));
}

function equal(actual, expected) {
  deepStrictEqual(actual, expected);
  return actual;
}

function found(text, pattern) {
  match(text, pattern);
  return pattern.exec(text);
}
