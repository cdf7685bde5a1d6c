// Requests of a page: apps built by Vite with its defaults, in Chromium. They and their bytes are counted, not timed.
import { execFile } from "node:child_process";
import { cp, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";
import { serve } from "../test/servers/serve.mjs";
import { benchModule } from "./modules.mjs";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));
const html = `<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>`;

/** Apps: what `main.js` does, and the module that lies beside it as `app.wasm`. */
const apps = {
  "raw module: { load } alone": {
    wasm: () => benchModule("raw"),
    main: `import { load } from "unglue";\nglobalThis.kept = load;\nglobalThis.done = Promise.resolve(true);`,
  },
  "raw module: imports, memory, table": {
    wasm: () => benchModule("raw"),
    main: `import { load } from "unglue";
import url from "./app.wasm?url&no-inline";
globalThis.done = load(url, { imports: { env: { log: () => undefined } } }).then(
  (wasm) => wasm.memory.byteLength > 0 && wasm.table.length > 0 && wasm.callback("i->i", (value) => value) > 0,
);`,
  },
  "wasm-bindgen: no imports of web-sys": {
    wasm: () => benchModule("prqlc"),
    main: `import { load, t } from "unglue";
import url from "./app.wasm?url&no-inline";
const api = t.api({ compile: t.fn([t.string, t.optional(t.owned("CompileOptions"))], t.string), CompileOptions: t.class({ new: t.ctor([]) }) });
globalThis.done = load(url, { api }).then((wasm) => wasm.api.compile("from a", undefined).includes("SELECT"));`,
  },
  "wasm-bindgen: imports of web-sys, with a declaration file": {
    wasm: () => readFile(require.resolve("gluesql/web/gluesql_js_bg.wasm")),
    // The module waits for this file: a page that asks for it later never ends.
    beside: "unglue-bind",
    // The page's own code: it is not counted.
    declared: "node_modules/gluesql/web/gluesql_js_bg.wasm",
    main: `import { load } from "unglue";
import url from "./app.wasm?url&no-inline";
globalThis.done = import("./declaration.js").then(({ default: declaration }) => load(url, declaration))
  .then((wasm) => new wasm.api.Glue() instanceof wasm.api.Glue);`,
  },
  "wasm-bindgen: imports of web-sys": {
    wasm: () => readFile(require.resolve("gluesql/web/gluesql_js_bg.wasm")),
    main: `import { load, t } from "unglue";
import url from "./app.wasm?url&no-inline";
const api = t.api({ Glue: t.class({ new: t.ctor([]) }) });
globalThis.done = load(url, { api, missing: "zero" }).then((wasm) => new wasm.api.Glue() instanceof wasm.api.Glue);`,
  },
};

/** The JavaScript that a package brings for the same module. */
const glues = {
  "wasm-bindgen: imports of web-sys, with a declaration file": "gluesql/web/gluesql_js.js",
  "wasm-bindgen: imports of web-sys": "gluesql/web/gluesql_js.js",
};

/**
 * Builds each app, opens it, and counts what it fetched by the time that it was done.
 *
 * @param {import("playwright").Browser} browser - Where to open it.
 * @returns {AsyncGenerator<{ title: string, requests: number, names: string[], brotli: number, gzip: number, glue?: { brotli: number, gzip: number } }>}
 *   The scripts, minified: how many requests, their names without hashes, and bytes with Brotli and gzip; the `.wasm`, the HTML
 *   and a declaration file are not counted.
 */
export async function* countPages(browser) {
  const folder = await mkdtemp(join(tmpdir(), "unglue-pages-"));
  try {
    for (const [title, app] of Object.entries(apps)) {
      const out = await buildApp(folder, app);
      const fetched = await openApp(browser, title, out, app.beside);
      const names = [...fetched.keys()].sort();
      const glue = glues[title] && (await readFile(require.resolve(glues[title])));
      const sizes = { ...sizesOf([...fetched.values()]), ...(glue && { glue: sizesOf([glue]) }) };
      yield { title, requests: names.length, names, ...sizes };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function buildApp(folder, { wasm, main, declared }) {
  const app = await mkdtemp(join(folder, "app-"));
  await mkdir(join(app, "node_modules/unglue"), { recursive: true });
  await cp(join(root, "package.json"), join(app, "node_modules/unglue/package.json"));
  await symlink(join(root, "dist"), join(app, "node_modules/unglue/dist"));
  await writeFile(join(app, "index.html"), html);
  await writeFile(join(app, "main.js"), main);
  await writeFile(join(app, "app.wasm"), await wasm());
  if (declared !== undefined) {
    const args = [join(root, "dist/cli/main.js"), "declare", declared, "-o", join(app, "declaration.js")];
    await promisify(execFile)(process.execPath, args, { cwd: root });
  }
  await build({ root: app, configFile: false, logLevel: "error" });
  return join(app, "dist");
}

/** Opens an app until it is done. Returns the scripts that it fetched, by their names without hashes. */
async function openApp(browser, title, out, beside) {
  const scripts = new Map();
  let release;
  const isAsked = new Promise((resolve) => (release = resolve));
  const server = await serve(async ({ pathname }) => {
    const body = await readFile(join(out, pathname === "/" ? "index.html" : pathname));
    const [, name] = /^\/assets\/(.+)-[\w-]{8}\.js$/.exec(pathname) ?? [];
    if (name !== undefined && name !== "declaration") scripts.set(name, body);
    if (name === beside) release();
    if (beside !== undefined && pathname.endsWith(".wasm")) await isAsked;
    return [typeOf(pathname), body];
  });
  const page = await browser.newPage();
  try {
    await page.goto(server.url);
    const isRight = await page.evaluate(() => globalThis.done);
    if (isRight !== true) throw new Error(`The page "${title}" came to ${JSON.stringify(isRight)}`);
    return scripts;
  } finally {
    await page.close();
    server.close();
  }
}

function typeOf(path) {
  if (path.endsWith(".js")) return "text/javascript";
  return path.endsWith(".wasm") ? "application/wasm" : "text/html";
}

function sizesOf(scripts) {
  const sum = (compress) => scripts.reduce((total, script) => total + compress(script).length, 0);
  return { brotli: sum((script) => brotliCompressSync(script)), gzip: sum((script) => gzipSync(script, { level: 9 })) };
}
