import type { Guest, SystemCall } from "./guest.ts";
import type { SubscriptionLayout } from "./poll.ts";
import { errno } from "./errno.ts";
import { systemCall } from "./guest.ts";

// The version before preview 1 differs in three places: the numbers of `whence`, the facts of a file, and subscriptions.

/** The layout of a subscription, whose clock has an identifier before it. */
export const oldSubscription: SubscriptionLayout = { size: 56, clock: 24 };

/** `whence` of preview 1 by that of the version before: from the current position, the end, the start. */
const whences = [1, 2, 0];

/**
 * Converts a function of preview 1 to the version before it.
 *
 * @param name - Its name.
 * @param call - The function.
 * @param guest - The module's memory.
 */
export function toOld(name: string, call: SystemCall, guest: Guest): SystemCall {
  if (name === "fd_seek") {
    return (descriptor, offset, whence, ...result) => {
      const converted = whences[Number(whence)];
      return converted === undefined ? errno.invalid : call(descriptor, offset, converted, ...result);
    };
  }
  if (name !== "fd_filestat_get" && name !== "path_filestat_get") return call;
  return systemCall((...args: number[]) => {
    const address = args.at(-1) ?? 0;
    // The facts are 8 bytes shorter, and these belong to somebody else.
    const next = guest.bytes(address + 56, 8).slice();
    const result = call(...args);
    const facts = guest.bytes(address, 64);
    if (result === errno.success) {
      const links = Math.min(Number(guest.view(address, 64).getBigUint64(24, true)), 0xffffffff);
      facts.copyWithin(24, 32);
      guest.setU32(address + 20, links);
    }
    facts.set(next, 56);
    return result;
  });
}
