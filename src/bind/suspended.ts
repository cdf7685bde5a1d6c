import { calledBy, refusedFor } from "../errors/trap.ts";
import type { CallSteps, Host } from "./host.ts";
import type { FunctionPlan } from "./plans.ts";
import type { Suspension } from "./suspension.ts";

/**
 * Makes the function that calls an export which the engine may suspend. Its arguments stay in the module's memory until its
 * promise settles.
 *
 * @param plan - How it is called.
 * @param host - The instance.
 * @param steps - The steps around the call.
 */
export function createSuspended<Call extends { readonly words: readonly unknown[] }>(
  plan: FunctionPlan,
  host: Host,
  { begin, lower, finish, isLive, end }: CallSteps<Call>,
): (object: unknown, args: readonly unknown[]) => Promise<unknown> {
  const named = (error: unknown): unknown => calledBy(error, plan.name, plan.export);
  return (object, passed) => {
    const call = begin(object, passed);
    let promise: Promise<unknown>;
    try {
      try {
        lower(call, object);
      } catch (error) {
        throw refusedFor(error, plan.export);
      }
      promise = (host.suspension as Suspension).call(plan.export, call.words);
    } catch (error) {
      end(call, true);
      throw named(error);
    }
    return promise.then(
      (returned) => {
        // The promise of a call whose life has ended was rejected then.
        if (!isLive(call)) return undefined;
        let hasFailed = true;
        try {
          const value = finish(call, returned);
          hasFailed = false;
          return value;
        } catch (error) {
          throw named(error);
        } finally {
          end(call, hasFailed);
        }
      },
      (error: unknown) => {
        end(call, true);
        throw named(error);
      },
    );
  };
}
