import { loadError } from "../errors/load-error.ts";

/**
 * Refuses a host whose engine lacks functions that a call needs. Fails with `wasm-unavailable`.
 *
 * @param members - The functions of the `WebAssembly` namespace that the call is about to use.
 */
export function requireEngine(...members: readonly ("compile" | "instantiate" | "Module" | "Instance")[]): void {
  const engine = (globalThis as { readonly WebAssembly?: { readonly [member: string]: unknown } }).WebAssembly;
  if (!engine) throw loadError("wasm-unavailable", { missing: "WebAssembly" });
  for (const member of members) {
    if (typeof engine[member] !== "function") throw loadError("wasm-unavailable", { missing: `WebAssembly.${member}` });
  }
}
