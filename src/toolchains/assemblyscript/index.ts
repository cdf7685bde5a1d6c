/** The knowledge of AssemblyScript: its convention, and the imports of its standard library. */
export { createAdapter } from "./adapter.ts";
