import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build, createServer, type InlineConfig, type ViteDevServer } from "vite";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { load } from "../../src/node.ts";
import { type PluginOptions, unglue } from "../../src/plugin/index.ts";
import { answering, copyLz4, envOf, project, run, type Served } from "./project.ts";

const reexport = (specifier: string): string => `export { default, source } from ${JSON.stringify(specifier)};\n`;

/** Runs a development server until the test has ended. */
async function serve(root: string, options?: PluginOptions, config: InlineConfig = {}): Promise<ViteDevServer> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    optimizeDeps: { noDiscovery: true },
    ...config,
    plugins: [unglue.vite(options)],
    server: { host: "127.0.0.1", port: 0, ...config.server },
  });
  onTestFinished(() => server.close());
  await server.listen();
  return server;
}

/** The module that `main.js` imports as the browser gets it: its script, and its `.wasm`. */
async function visit(server: ViteDevServer): Promise<{ script: string; wasm: Response }> {
  const origin = server.resolvedUrls?.local[0] ?? "";
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(new URL(path, origin));
    expect(response.status).toBe(200);
    return response;
  };
  const main = await (await get("main.js")).text();
  const [, path = ""] = /from "([^"]*unglue:[^"]*)"/.exec(main) ?? [];
  const script = await (await get(path)).text();
  const [, address = ""] = /new URL\("([^"]*)", here\)/.exec(script) ?? [];
  return { script, wasm: await get(address) };
}

async function answer({ default: declaration, source }: Served): Promise<unknown> {
  const wasm = await load(source, declaration);
  return (wasm.api as { answer: () => unknown }).answer();
}

/** Tries until it is so. */
async function eventually(check: () => unknown): Promise<void> {
  for (const end = Date.now() + 15_000; ; await new Promise((done) => setTimeout(done, 50))) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

describe("the development server", () => {
  it.each([
    ["app.wasm", {}],
    ["a b#c?d%20é.wasm", {}],
    // Where the server may not read.
    ["../beside.wasm", { base: "/app/" }],
  ])("gives the browser the bytes of %s", async (name, config) => {
    const root = project({
      [`web/${name}`]: await answering("answer", 3),
      "web/main.js": reexport(`./${name}?unglue`),
    });
    const { script, wasm } = await visit(await serve(join(root, "web"), {}, config));
    expect(wasm.headers.get("content-type")).toBe("application/wasm");
    expect(Buffer.compare(Buffer.from(await wasm.arrayBuffer()), readFileSync(join(root, "web", name)))).toBe(0);
    expect(script).toContain("answer: {");
  });

  it("gives the server's code the file, and the browser's an address, of one import", async () => {
    const root = project({ "app.wasm": await answering("answer", 4), "main.js": reexport("./app.wasm?unglue") });
    const server = await serve(root);
    const served = (await server.ssrLoadModule("/main.js")) as Served;
    expect(served.source).toMatch(/^file:.*\/app\.wasm$/);
    expect(await answer(served)).toBe(4);
    expect((await visit(server)).wasm.ok).toBe(true);
  });

  it("declares again if the module changes, and reloads what imports it, in both", async () => {
    const root = project({ "app.wasm": await answering("answer", 5), "main.js": reexport("./app.wasm?unglue") });
    const server = await serve(root);
    const sent: unknown[] = [];
    vi.spyOn(server.environments.client.hot, "send").mockImplementation((message) => void sent.push(message));
    const before = await visit(server);
    expect(await answer((await server.ssrLoadModule("/main.js")) as Served)).toBe(5);
    writeFileSync(join(root, "app.wasm"), await answering("answer", 6));
    await eventually(() => expect(sent).toContainEqual(expect.objectContaining({ type: "full-reload" })));
    await eventually(async () => expect(await answer((await server.ssrLoadModule("/main.js")) as Served)).toBe(6));
    const after = await visit(server);
    expect(after.wasm.url).not.toBe(before.wasm.url);
    writeFileSync(join(root, "app.wasm"), await answering("other", 7));
    await eventually(async () => expect((await visit(server)).script).toContain("other: {"));
    expect(envOf(root)).toContain("other(): number;");
    expect(envOf(root)).not.toContain("answer(): number;");
  });

  it("declares again if the types change, and recovers from files of different builds", async () => {
    const root = project({ "main.js": reexport("./pkg?unglue") });
    copyLz4(root, "pkg");
    const server = await serve(root);
    await visit(server);
    const [dts, glue] = [join(root, "pkg/lz4_wasm.d.ts"), join(root, "pkg/lz4_wasm_bg.js")];
    writeFileSync(dts, readFileSync(dts, "utf8").replace("@returns", "Squeezes.\n* @returns"));
    await eventually(async () => {
      await visit(server);
      expect(envOf(root)).toContain("Squeezes.");
    });
    const text = readFileSync(glue, "utf8");
    writeFileSync(glue, text.replace("wasm.compress(", "wasm.compressed("));
    await eventually(() =>
      expect(server.environments.client.transformRequest("/main.js").then(() => visit(server))).rejects.toThrow(),
    );
    writeFileSync(glue, text);
    await eventually(() => visit(server));
  });
});

describe("a build for the browser and one for the server", () => {
  it("of the same files have the same import, each with an address of its own", async () => {
    const root = project({
      "app.wasm": await answering("answer", 8),
      "main.js": `import declaration, { source } from "./app.wasm?unglue";\nexport { declaration as default, source };\n`,
      "deep/lazy.js": `export const lazy = () => import("../main.js");\n`,
    });
    const warnings: string[] = [];
    const plugins = [unglue.vite({ cacheDir: false })];
    const config = (outDir: string, ssr: boolean): InlineConfig => ({
      root,
      configFile: false,
      logLevel: "silent",
      plugins,
      base: "/app/",
      build: {
        outDir,
        ssr,
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: { "deep/lazy": join(root, "deep/lazy.js") },
          preserveEntrySignatures: "strict",
          onLog: (level, { code, message }) => {
            if (level === "warn" && code !== "PLUGIN_TIMINGS") warnings.push(message);
          },
        },
      },
    });
    await Promise.all([build(config("client", false)), build(config("server", true))]);
    const wasmFiles = (folder: string): string[] =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".wasm"));
    const [client = ""] = wasmFiles("client");
    expect(wasmFiles("server")).toEqual([client]);
    const scripts = readdirSync(join(root, "client/assets")).filter((name) => name.endsWith(".js"));
    const texts = scripts.map((name) => readFileSync(join(root, "client/assets", name), "utf8")).join("\n");
    expect(texts).toContain(`/app/${client}`);
    expect(texts).not.toMatch(/node:|__dirname/);
    const entry = readdirSync(join(root, "server"), { recursive: true, encoding: "utf8" }).find((name) =>
      /lazy[^/]*\.js$/.test(name),
    );
    const { lazy } = (await run(join(root, "server", entry ?? ""))) as unknown as {
      readonly lazy: () => Promise<Served>;
    };
    const served = await lazy();
    expect(basename(dirname(new URL(served.source).pathname))).toBe("assets");
    expect(await answer(served)).toBe(8);
    // One for each build: the function is guessed.
    expect(warnings.filter((text) => !text.includes("1 member is guessed"))).toEqual([]);
  });

  it("has the address relative to the script if the page's base is", async () => {
    const root = project({
      "app.wasm": await answering("answer", 9),
      "main.js": `import d, { source } from "./app.wasm?unglue";\nconsole.log(d, source);\n`,
    });
    await build({
      root,
      configFile: false,
      logLevel: "silent",
      base: "./",
      plugins: [unglue.vite({ envFile: false })],
      build: { rolldownOptions: { input: join(root, "main.js") } },
    });
    const [script = ""] = readdirSync(join(root, "dist/assets")).filter((name) => name.endsWith(".js"));
    expect(readFileSync(join(root, "dist/assets", script), "utf8")).toMatch(
      /new URL\([`'"][^`'"]*app-[\w-]+\.wasm[`'"],import\.meta\.url\)/,
    );
  });
});
