/** JavaScript Promise Integration, which TypeScript's library does not have yet. */
interface Integration {
  readonly Suspending?: new (call: (...args: never[]) => Promise<unknown>) => object;
  readonly promising?: (call: object) => (...args: unknown[]) => Promise<unknown>;
}

const integration = (): Integration => WebAssembly as Integration;

/** Whether the engine can suspend a call of a module until a promise is settled. */
export function canSuspend(): boolean {
  const { Suspending, promising } = integration();
  return typeof Suspending === "function" && typeof promising === "function";
}

/**
 * Returns the reason why a promise of a module without promises is refused, where `canSuspend` is false.
 *
 * @param convention - The module's convention.
 */
export function cannotSuspend(convention: string): string {
  return `${convention} has no promises, and this engine cannot suspend a call of the module (it lacks JSPI)`;
}

/**
 * Makes the import that suspends a call of the module until a function's promise is settled. Only where `canSuspend` is true.
 *
 * @param call - The function.
 */
export function suspending(call: (...args: never[]) => Promise<unknown>): object {
  const { Suspending } = integration() as Required<Integration>;
  return new Suspending(call);
}

/**
 * Makes the function that calls an export that may be suspended. Only where `canSuspend` is true.
 *
 * @param exported - The engine's export.
 */
export function promising(exported: object): (...args: unknown[]) => Promise<unknown> {
  const { promising } = integration() as Required<Integration>;
  return promising(exported);
}
