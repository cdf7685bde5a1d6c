import { errno } from "./errno.ts";
import { type Guest, systemCall, type SystemCall } from "./guest.ts";
import type { OpenStreams } from "./streams.ts";
import { monotonicTime, wait, wallTime } from "./wait.ts";

/** Where a subscription has what this library reads, in bytes. */
export interface SubscriptionLayout {
  readonly size: number;
  /** The clock, which the time and the flags follow. */
  readonly clock: number;
}

/** The layout of preview 1. */
export const subscription: SubscriptionLayout = { size: 48, clock: 16 };

const eventSize = 32;
const ofClock = 0;
const absolute = 1;

/** An event to report: the subscription's own value, what it is about, and an error number. */
interface Event {
  readonly userData: bigint;
  readonly tag: number;
  readonly error: number;
}

/**
 * Makes `poll_oneoff`. A standard stream is always ready; other file descriptors are the file system's.
 *
 * @param guest - The module's memory.
 * @param streams - The standard streams.
 * @param others - The same function of the file system, if there is one.
 * @param layout - The layout of a subscription.
 */
export function createPoll(
  guest: Guest,
  streams: OpenStreams,
  others: SystemCall | undefined,
  layout: SubscriptionLayout = subscription,
): SystemCall {
  return systemCall((list: number, events: number, count: number, size: number) => {
    if (count === 0) return errno.invalid;
    const view = guest.view(list, count * layout.size);
    guest.view(events, count * eventSize);
    guest.view(size, 4);
    const ready: Event[] = [];
    const clocks: (Event & { readonly end: bigint })[] = [];
    let isForeign = false;
    for (let at = 0; at < count * layout.size; at += layout.size) {
      const userData = view.getBigUint64(at, true);
      const tag = view.getUint8(at + 8);
      if (tag === ofClock) {
        const end = deadline(view, at + layout.clock);
        if (end === undefined) ready.push({ userData, tag, error: errno.invalid });
        else clocks.push({ userData, tag, error: errno.success, end });
      } else if (streams.has(view.getUint32(at + 16, true))) {
        ready.push({ userData, tag, error: errno.success });
      } else if (others) {
        isForeign = true;
      } else {
        ready.push({ userData, tag, error: errno.badFile });
      }
    }
    if (isForeign && others && ready.length === 0) return others(list, events, count, size);
    if (ready.length === 0) {
      const first = clocks.reduce((least, { end }) => (end < least ? end : least), clocks[0]?.end ?? 0n);
      wait(first - monotonicTime());
      ready.push(...clocks.filter(({ end }) => end <= first));
    }
    ready.forEach(({ userData, tag, error }, at) => {
      const event = events + at * eventSize;
      guest.bytes(event, eventSize).fill(0);
      const written = guest.view(event, eventSize);
      written.setBigUint64(0, userData, true);
      written.setUint16(8, error, true);
      written.setUint8(10, tag);
    });
    guest.setU32(size, ready.length);
    return errno.success;
  });
}

/** Returns the moment at which a clock's subscription is due, on the monotonic clock. */
function deadline(view: DataView, at: number): bigint | undefined {
  const clock = view.getUint32(at, true);
  const timeout = view.getBigUint64(at + 8, true);
  if (clock > 1) return undefined;
  const isAbsolute = (view.getUint16(at + 24, true) & absolute) !== 0;
  if (!isAbsolute) return monotonicTime() + timeout;
  return clock === 1 ? timeout : monotonicTime() + timeout - wallTime();
}
