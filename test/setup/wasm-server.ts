import type { TestProject } from "vitest/node";
import { startWasmServer } from "../servers/wasm-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the server that serves modules well and badly. Get it with `inject("serverUrl")`. */
    serverUrl: string;
  }
}

/** Runs one server for all projects. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startWasmServer();
  project.provide("serverUrl", server.url);
  return server.close;
}
