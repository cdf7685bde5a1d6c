/** The functions that an addon registers. The packages' own types are for Node's builds of them. */
export type Registered = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** The jobs, by the name of the package. */
export declare const scenarios: Readonly<Record<string, (api: Registered) => Promise<readonly unknown[]>>>;
