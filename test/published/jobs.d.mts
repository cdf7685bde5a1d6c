/** The functions of a job, whichever they are. */
export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;
/** Does a module's job, and returns its answers as JSON has them. */
export const jobs: Readonly<Record<"quickjs" | "sha256" | "chacha" | "rabin", (api: Functions) => unknown>>;
