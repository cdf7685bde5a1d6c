// The server's settings, from the environment.
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";

const { env } = process;
const builds = new URL("../../test/fixtures/realm/built/", import.meta.url);

export const settings = {
  port: number("PORT", 3000),
  host: env.HOST ?? "127.0.0.1",
  logLevel: env.LOG_LEVEL ?? "info",
  /** The crate's build for servers. */
  wasm: env.REALM_WASM ? pathToFileURL(env.REALM_WASM) : new URL("0.2.130-server.wasm", builds),
  /** Worker threads. 0 runs everything in the server's own thread, without timeouts. */
  threads: number("THREADS", Math.max(2, availableParallelism())),
  /** Milliseconds that one call may run. */
  timeout: number("TIMEOUT_MS", 10_000),
  /** The memory of one instance, in pages of 64 KiB. */
  memoryPages: number("MEMORY_PAGES", 64),
  /** Instances that a thread keeps; the one unused for longest is disposed first. */
  instancesPerThread: number("INSTANCES_PER_THREAD", 200),
  maxTenants: number("MAX_TENANTS", 1000),
  /** Calls of one tenant that may wait for its turn. */
  maxWaiting: number("MAX_WAITING", 256),
  maxModelBytes: number("MAX_MODEL_BYTES", 2 ** 21),
  maxRequestBytes: number("MAX_REQUEST_BYTES", 2 ** 20),
};

function number(name, otherwise) {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} must be a whole number, got ${env[name]}`);
  return value;
}
