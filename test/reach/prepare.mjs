// Prepares files for single runtimes, besides the project: bundles and configurations.
/* global AbortController, fetch, setTimeout */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import net from "node:net";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { cache, nodeOf, toolPath } from "./tools.mjs";

const run = promisify(execFile);
const require = createRequire(join(cache, "index.js"));

/** Bundles a host into one file, as its users' bundlers do. */
export async function bundle(folder, host, { name = host, ...options }) {
  const { build } = require("esbuild");
  const outfile = join(folder, `${name}.bundle.${options.format === "cjs" ? "cjs" : "js"}`);
  await build({
    entryPoints: [join(folder, "hosts", `${host}.mjs`)],
    bundle: true,
    outfile,
    logLevel: "error",
    target: "es2022",
    ...options,
  });
  return outfile;
}

/** Runs workerd with modules, has it run the suite, and ends it. */
export async function askWorkerd({ folder, receive, spawn }, name, modules) {
  const port = await freePort();
  const list = modules.map(({ name: its, path }) => {
    const kind = path.endsWith(".wasm") ? "wasm" : "esModule";
    return `    (name = "${its}", ${kind} = embed "${relative(folder, path)}"),`;
  });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--expose-gc"],
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [\n${list.join("\n")}\n  ],
  compatibilityDate = "2026-11-01",
  globalOutbound = "internet",
);
`;
  const file = join(folder, `${name}.capnp`);
  await writeFile(file, config);
  const ended = new AbortController();
  const running = spawn(toolPath(".bin", "workerd"), ["serve", file, "--experimental"], { signal: ended.signal });
  try {
    const text = await Promise.race([untilAnswered(`http://127.0.0.1:${port}/`), running.then(() => "")]);
    for (const line of text.split("\n").filter(Boolean)) receive(JSON.parse(line));
  } finally {
    ended.abort();
    await running.catch(() => undefined);
  }
}

/** Has wrangler bundle the host, and returns the modules of its output. */
export async function bundleByWrangler(folder) {
  const out = join(folder, "wrangler");
  const config = { name: "reach", main: "hosts/workerd.mjs", compatibility_date: "2026-11-01" };
  await writeFile(join(folder, "wrangler.json"), JSON.stringify(config));
  const args = [
    toolPath("wrangler", "bin", "wrangler.js"),
    "deploy",
    "--dry-run",
    "--outdir",
    out,
    "--config",
    "wrangler.json",
  ];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", NO_COLOR: "1" };
  await run(nodeOf(24), args, { cwd: folder, env });
  const files = (await readdir(out)).filter((name) => /\.(js|wasm)$/.test(name));
  // The first module is the worker.
  files.sort((a, b) => Number(a.endsWith(".wasm")) - Number(b.endsWith(".wasm")));
  return files.map((name) => ({ name, path: join(out, name) }));
}

/** The package's files as they are, and the hosts beside them with their paths for their names. */
export async function listChunks(folder) {
  const target = join(folder, "chunks");
  const own = await layOut(folder, target, "../unglue/", "workerd");
  const modules = own.map((name) => ({ name, path: join(target, name) }));
  // The first module is the worker.
  modules.sort((a, b) => Number(b.name.endsWith("workerd.mjs")) - Number(a.name.endsWith("workerd.mjs")));
  const add = async (name, source, end) => {
    for (const file of await readdir(source))
      if (file.endsWith(end)) modules.push({ name: `${name}/${file}`, path: join(source, file) });
  };
  await add("unglue", join(folder, "node_modules", "unglue", "dist"), ".js");
  await add("modules", join(folder, "modules"), ".wasm");
  // A bare name is looked up beside the module that imports it.
  await add("unglue/@bjorn3", join(folder, "node_modules", "@bjorn3", "browser_wasi_shim", "dist"), ".js");
  const peer = modules.find(({ name }) => name === "unglue/@bjorn3/index.js");
  peer.name = "unglue/@bjorn3/browser_wasi_shim";
  return modules;
}

/**
 * Copies suite and hosts, with the addresses of the package's files for the names of its entry points.
 *
 * @param {string} folder - The project's.
 * @param {string} target - Where to.
 * @param {string} dist - The address of the package's files, from a host.
 * @param {string} [condition] - A condition of the package's exports that counts here.
 * @returns {Promise<string[]>} The scripts.
 */
export async function layOut(folder, target, dist, condition) {
  const { exports } = JSON.parse(await readFile(join(folder, "node_modules", "unglue", "package.json"), "utf8"));
  const address = (part = "") => {
    const found = exports[`.${part}`];
    return (found[condition] ?? found).import.default.replace("./dist/", dist);
  };
  const files = ["suite.mjs"];
  for (const part of ["hosts", "checks"]) {
    await mkdir(join(target, part), { recursive: true });
    for (const file of await readdir(join(folder, part))) files.push(`${part}/${file}`);
  }
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(
      join(target, file),
      text.replaceAll(/from "unglue(\/[\w-]+)?"/g, (_, part) => `from "${address(part)}"`),
    );
  }
  return files.filter((file) => file.endsWith(".mjs"));
}

async function untilAnswered(url) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A port that is free now. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
