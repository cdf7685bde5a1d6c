// Starts the server of `examples/tenants` as a process of its own, and speaks with it.
/* global AbortSignal, clearTimeout, setTimeout */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fetch, Pool } from "undici";
import { freePort } from "../../servers/serve.mjs";

const built = new URL("../../fixtures/realm/built/", import.meta.url);

/** No wait of the test is longer: the server hangs. */
const hanging = 60_000;

/** Starts it in the folder of an installed copy, with a build of the crate. */
export async function startServer(folder, { build, connections = 100, env = {} }) {
  const collect = new URL("collect.mjs", import.meta.url).href;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ["--expose-gc", "--import", collect, "server.js"], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), REALM_WASM: fileURLToPath(new URL(`${build}.wasm`, built)), ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  // A failed test ends at any point.
  process.once("exit", () => server.kill("SIGKILL"));
  const lines = [];
  const exit = once(server, "exit");
  createInterface(server.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  await listening(origin, server);
  const pool = new Pool(origin, { connections, headersTimeout: hanging, bodyTimeout: hanging });

  async function send(method, path, body) {
    const binary = body instanceof Uint8Array;
    const response = await pool.request({
      method,
      path,
      ...(body !== undefined && {
        headers: { "content-type": binary ? "application/octet-stream" : "application/json" },
        body: binary ? body : JSON.stringify(body),
      }),
    });
    const text = await response.body.text();
    const isJson = response.headers["content-type"]?.startsWith("application/json");
    return { status: response.statusCode, body: isJson ? JSON.parse(text) : text };
  }

  return {
    pool,
    send,
    /** The lines that the server has logged. */
    lines,
    /** Announces a body of a length, and returns the status that comes before any of it is sent. */
    async announce(path, type, length) {
      const headers = { "content-type": type, "content-length": length };
      const call = request(`${origin}${path}`, { method: "POST", headers });
      call.flushHeaders();
      const [response] = await once(call, "response", { signal: AbortSignal.timeout(hanging) });
      call.on("error", () => undefined).destroy();
      return response.statusCode;
    },
    model: (id, bytes) => send("POST", `/tenants/${id}/model`, bytes),
    generate: (id, request) => send("POST", `/tenants/${id}/generate`, request),
    /** The bytes that are live after a collection in every thread, and those that the process has. */
    async memory(threads) {
      server.send({ threads });
      const [answer] = await once(server, "message", { signal: AbortSignal.timeout(hanging) });
      return answer;
    },
    terminate: () => server.kill("SIGTERM"),
    /** Waits for the end. Returns the exit code. */
    async ended() {
      const timer = setTimeout(() => server.kill("SIGKILL"), hanging);
      const [code, signal] = await exit;
      clearTimeout(timer);
      await pool.destroy();
      return code ?? signal;
    },
  };
}

async function listening(origin, server) {
  const end = AbortSignal.timeout(hanging);
  while (server.exitCode === null && !end.aborted) {
    const answer = await fetch(`${origin}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The server does not answer.");
}
