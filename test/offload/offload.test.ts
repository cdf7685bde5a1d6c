import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPage, scriptAt, serve } from "../servers/serve.mjs";
import { chromiumArgs, findChromium } from "../setup/chromium.mjs";
import { caseLists } from "./cases.mjs";
import { assemble } from "./modules.ts";

const dist = join(import.meta.dirname, "../../dist");
const modules: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  ...(await assemble()),
  realm: new Uint8Array(await readFile(join(import.meta.dirname, "../fixtures/realm/built/0.2.92-web.wasm"))),
  model: new Uint8Array(await readFile(join(import.meta.dirname, "../fixtures/realm/models/declaration.rlm"))),
  members: new Uint8Array(await readFile(join(import.meta.dirname, "../fixtures/members/members.wasm"))),
  prqlc: new Uint8Array(await readFile(createRequire(import.meta.url).resolve("prqlc/dist/web/prqlc_js_bg.wasm"))),
};
const inBase64 = JSON.stringify(
  Object.fromEntries(Object.entries(modules).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")])),
);

/** A program that runs the cases of a list. */
const program = (built: string, entryPoint: string, beside: string, list: string): string => `
  import { offload } from "${built}/offload-${entryPoint}.js";
  import { t, UnglueError } from "${built}/${entryPoint}.js";
  import { runCases } from "${beside}/cases.mjs";
  const decode = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const modules = Object.fromEntries(Object.entries(${inBase64}).map(([name, text]) => [name, decode(text)]));
  const base = new URL("${beside}/nothing/", import.meta.url).href;
  const imports = new URL("${beside}/imports.mjs", import.meta.url).href;
  export const results = await runCases({ offload, UnglueError, t, modules, imports, base }, ${JSON.stringify(list)});
`;

/** The headers of a page that may share memory with its workers. */
const isolating = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const folder = mkdtempSync(join(tmpdir(), "unglue-offload-"));

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program in a Node of its own, and waits until it ends by itself. Workers inherit flags, so it is a file. */
async function node(text: string, file = "program.mjs"): Promise<string> {
  writeFileSync(join(folder, file), text);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, file)], { timeout: 60_000 });
  return stdout;
}

async function inNode(): Promise<Record<string, unknown>> {
  const text = program(pathToFileURL(dist).href, "node", pathToFileURL(import.meta.dirname).href, "node");
  const printed = await node(`${text}\nconsole.log(JSON.stringify(results));`);
  // Workers print too, as the modules do in them.
  return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

async function inChromium(list: "page" | "isolated page"): Promise<Record<string, unknown>> {
  const isIsolated = list === "isolated page";
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
  const server = await serve(
    async ({ pathname }) => {
      if (pathname === "/page.js") return ["text/javascript", program("/dist", "browser", "/test", list)];
      const beside = /^\/test\/([\w-]+\.mjs)$/.exec(pathname)?.[1];
      if (beside) return ["text/javascript", await readFile(join(import.meta.dirname, beside))];
      if (pathname === "/") return ["text/html", emptyPage];
      const script = await scriptAt(pathname, ["dist"]);
      if (!script) throw new Error(`${pathname} is not there.`);
      return script;
    },
    isIsolated ? isolating : {},
  );
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    expect(await page.evaluate("crossOriginIsolated")).toBe(isIsolated);
    return await page.evaluate(`import("/page.js").then(({ results }) => results)`);
  } finally {
    server.close();
    await browser.close();
  }
}

describe.each([
  ["node", inNode],
  ["page", () => inChromium("page")],
  ["isolated page", () => inChromium("isolated page")],
] as const)("offload in a %s", (list, run) => {
  let results: Record<string, unknown>;

  beforeAll(async () => {
    results = await run();
  }, 120_000);

  it.each(Object.entries(caseLists[list] ?? {}))("%s", (name, { expected }) => {
    expect(results[name]).toEqual(expected);
  });
});

describe("a program in Node", () => {
  const importing = `import { offload } from "${pathToFileURL(join(dist, "offload-node.js")).href}";`;
  const decode = (name: string): string => `Buffer.from("${Buffer.from(modules[name]!).toString("base64")}", "base64")`;

  it("ends by itself while workers wait for calls", async () => {
    const text = `${importing}
      const math = await offload(${decode("math")}, { workers: 2 });
      console.log(await math.exports.add(1, 2));`;
    expect(await node(text)).toBe("3\n");
  });

  it("does not end before its calls are answered", async () => {
    const text = `${importing}
      void (async () => {
        const math = await offload(${decode("math")});
        await math.call("spin", [], { timeout: 50 }).catch(({ code }) => console.log(code));
        console.log(await math.exports.add(1, 2));
      })();`;
    expect(await node(text)).toBe("timeout\n3\n");
  });

  it("may be given as text", async () => {
    const text = `${importing}
      const math = await offload(${decode("math")});
      console.log(await math.exports.add(1, 2));`;
    const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text], { timeout: 60_000 });
    expect((await run).stdout).toBe("3\n");
  });

  it("can require the entry point", async () => {
    const text = `
      const { offload } = require(${JSON.stringify(join(dist, "offload-node.cjs"))});
      const { UnglueError } = require(${JSON.stringify(join(dist, "node.cjs"))});
      void (async () => {
        const math = await offload(${decode("math")});
        const error = await math.exports.trap().catch((error) => error);
        console.log(await math.exports.add(1, 2), error instanceof UnglueError);
      })();`;
    expect(await node(text, "program.cjs")).toBe("3 true\n");
  });

  it("frees what it forgets in the worker, once, and not what the worker has referred to again", async () => {
    const text = `${importing}
      import { t } from "${pathToFileURL(join(dist, "node.js")).href}";
      import { setFlagsFromString } from "node:v8";
      import { runInNewContext } from "node:vm";
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc");
      const api = t.api({
        Counter: t.class({
          new: t.ctor([t.i32]),
          last: t.static([], t.object("Counter")),
          add: t.method([t.i32], t.i32),
        }),
        freed: t.fn([], t.u32),
      });
      const wasm = await offload(${decode("counter")}, { api });
      const kept = await wasm.api.Counter.new(1);
      await (await wasm.api.Counter.new(1)).free();
      await (async () => { for (let i = 0; i < 100; i++) await wasm.api.Counter.new(1); })();
      let last = await wasm.api.Counter.last();
      const until = async (count) => {
        for (let i = 0; i < 1000 && (await wasm.api.freed()) < count; i++) {
          collect();
          await new Promise((done) => setTimeout(done, 1));
        }
        return wasm.api.freed();
      };
      console.log(await until(100), await kept.add(1), await last.add(1));
      last = undefined;
      console.log(await until(101));`;
    expect(await node(text)).toBe("100 2 2\n101\n");
  });

  it("needs no registry and no weak references", async () => {
    const text = `
      delete globalThis.FinalizationRegistry;
      delete globalThis.WeakRef;
      const { offload } = await import("${pathToFileURL(join(dist, "offload-node.js")).href}");
      const { t } = await import("${pathToFileURL(join(dist, "node.js")).href}");
      const api = t.api({
        Counter: t.class({ new: t.ctor([t.i32]), last: t.static([], t.object("Counter")), add: t.method([t.i32], t.i32) }),
      });
      const wasm = await offload(${decode("counter")}, { api });
      const one = await wasm.api.Counter.new(1);
      console.log(await one.add(1), (await wasm.api.Counter.last()) === one);
      await one.free();
      console.log((await one.add(1).catch((error) => error)).details.reason);`;
    expect(await node(text)).toBe("2 true\nfreed\n");
  });

  it("goes on where an import ends its worker", async () => {
    const text = `${importing}
      const imports = ${JSON.stringify(new URL("imports.mjs", import.meta.url).href)};
      const wasm = await offload(${decode("env")}, { imports });
      const error = await wasm.exports.exit().catch((error) => error);
      console.log(error.code, JSON.stringify(error.details), await wasm.exports.life());`;
    expect(await node(text)).toBe('worker-ended {"worker":1,"during":"call"} 1\n');
  });

  it.each(["esm", "cjs"] as const)(
    "in one file (%s) says that the worker's script is missing, and takes the option",
    async (format) => {
      const extension = format === "esm" ? "mjs" : "cjs";
      const bundle = async (name: string, contents: string): Promise<string> => {
        const file = join(folder, `${name}.${extension}`);
        const outcome = await build({
          stdin: { contents, resolveDir: join(import.meta.dirname, "../..") },
          bundle: true,
          platform: "node",
          format,
          outfile: file,
          logLevel: "error",
          tsconfigRaw: "{}",
        });
        expect(outcome.errors).toEqual([]);
        return pathToFileURL(file).href;
      };
      const worker = await bundle("bundled-worker", `import "unglue/offload-worker";`);
      const main = await bundle(
        "bundled-main",
        `import { offload } from "unglue/offload";
      void (async () => {
        const bytes = ${decode("math")};
        const error = await offload(bytes).catch((error) => error);
        console.log(error.code, error.details.reason, error.message.includes("the option worker"));
        for (const worker of [${JSON.stringify(worker)}, new URL(${JSON.stringify(worker)})]) {
          const math = await offload(bytes, { worker });
          console.log(await math.exports.add(1, 2));
          await math.dispose();
        }
        const { Worker } = await import("node:worker_threads");
        const math = await offload(bytes, { workers: 2, worker: () => new Worker(new URL(${JSON.stringify(worker)})) });
        console.log(await math.exports.add(1, 2));
        await math.dispose();
        const same = new Worker(new URL(${JSON.stringify(worker)}));
        console.log((await offload(bytes, { workers: 2, worker: () => same }).catch((error) => error)).details.option);
      })();`,
      );
      const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(main)], { timeout: 60_000 });
      expect(stdout).toBe("worker-unavailable missing true\n3\n3\n3\nworker\n");
    },
  );

  it("has workers that share one compiled module: one request, and none from a worker", async () => {
    let requests = 0;
    const server = await serve(() => Promise.resolve(["application/wasm", (requests++, modules["math"]!)]));
    const text = `${importing}
      const math = await offload("${server.url}math.wasm", { workers: 3 });
      console.log(await Promise.all([1, 2, 3].map((i) => math.exports.add(i, i))));`;
    try {
      expect(await node(text)).toBe("[ 2, 4, 6 ]\n");
      expect(requests).toBe(1);
    } finally {
      server.close();
    }
  });
});

describe("a page under trusted types", () => {
  const policy = "require-trusted-types-for 'script'; script-src 'self' 'wasm-unsafe-eval'";

  it("offloads with an address of its policy, with a function, or with a default policy, and is told so without", async () => {
    const script = `
      const { offload } = await import("/dist/offload-browser.js");
      const bytes = Uint8Array.from(atob("${Buffer.from(modules["math"]!).toString("base64")}"), (char) => char.charCodeAt(0));
      const attempt = async (worker) => {
        try {
          const math = await offload(bytes, worker && { worker, workers: 2 });
          const sum = await math.exports.add(1, 2);
          await math.dispose();
          return sum;
        } catch ({ code, details, cause }) {
          return [code, details.reason, cause.name];
        }
      };
      const { href } = new URL("/dist/offload-worker.js", location.href);
      const rules = { createScriptURL: (url) => url };
      const made = trustedTypes.createPolicy("workers", rules).createScriptURL(href);
      const results = [
        await attempt(),
        await attempt(href),
        await attempt(made),
        await attempt(() => new Worker(made, { type: "module" })),
      ];
      trustedTypes.createPolicy("default", rules);
      results.push(await attempt());
    `;
    const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: chromiumArgs });
    const server = await serve(
      async ({ pathname }) => {
        if (pathname === "/page.js")
          return ["text/javascript", `window.report = (async () => {${script} return results; })();`];
        if (pathname === "/") return ["text/html", `${emptyPage}<script type="module" src="/page.js"></script>`];
        const found = await scriptAt(pathname, ["dist"]);
        if (!found) throw new Error(`${pathname} is not there.`);
        return found;
      },
      { "Content-Security-Policy": policy },
    );
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      const refused = ["worker-unavailable", "refused", "TypeError"];
      expect(await page.evaluate("window.report")).toEqual([refused, refused, 3, 3, 3]);
    } finally {
      server.close();
      await browser.close();
    }
  });
});
