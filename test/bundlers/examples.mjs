// The programs in `examples/`, each with what it must answer. `run.mjs` copies each, installs it and runs it.
import { deepStrictEqual, match } from "node:assert/strict";

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
      return withServer(["wrangler", "dev", "--ip", "127.0.0.1", "--port"], async (url) => {
        const [, text] = equal(await get(url, "Worker"), [200, "Hello, Worker!"]);
        return text;
      });
    },
  },
  {
    name: "next",
    async check({ run, withServer, read, get }) {
      await run(["next", "build"]);
      return withServer(["next", "start", "--hostname", "127.0.0.1", "--port"], async (url) => {
        const page = await read(url, "Hello, server component!");
        const [, text] = equal(await get(url, "greet?name=Next"), [200, "Hello, Next!"]);
        return `${page} ${text}`;
      });
    },
  },
];

function equal(actual, expected) {
  deepStrictEqual(actual, expected);
  return actual;
}

function found(text, pattern) {
  match(text, pattern);
  return pattern.exec(text);
}
