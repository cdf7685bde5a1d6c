/**
 * An exported function whose signature TypeScript does not know. Its arguments and result follow the module's type: `number`
 * for i32, f32 and f64, `bigint` for i64, any value for a reference, an array for several results. State the real signatures
 * with a type argument: `load<{ add(a: number, b: number): number }>(…)`.
 *
 * @category Instances
 */
export type ExportedFunction = (...args: unknown[]) => unknown;

/**
 * A module's exports if no type argument is given.
 *
 * @category Instances
 */
export type DefaultExports = Readonly<Record<string, ExportedFunction>>;

/**
 * The functions among some exports.
 *
 * @category Instances
 */
export type GuardedExports<Exports> = {
  readonly [Name in keyof Exports as Exports[Name] extends (...args: never[]) => unknown ? Name : never]: Exports[Name];
};
