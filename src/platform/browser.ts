import type { Platform } from "./platform.ts";

/** Browsers, workers, edge hosts: all that has web standards and no file system. */
export const browserPlatform: Platform = {
  files: undefined,
  checksIntegrity: isBrowser,
  loadHash: undefined,
};

/**
 * Whether this is a page or a worker of a browser whose `fetch` was not replaced. Some hosts ignore `integrity` and have
 * a `fetch` that is native code as well, so the global object must also have a location, by an accessor that is native.
 */
function isBrowser(): boolean {
  try {
    // Of a proxy or a bound function the text has no name.
    if (!isNative(fetch) || !textOf(fetch).startsWith("function fetch(") || fetch.name !== "fetch") return false;
    for (let holder: object | null = globalThis; holder; holder = Reflect.getPrototypeOf(holder)) {
      const get = Reflect.getOwnPropertyDescriptor(holder, "location")?.get;
      if (get) return isNative(get) && /^\[object (Worker)?Location\]$/.test(tag(Reflect.apply(get, globalThis, [])));
    }
  } catch {
    // A global object that cannot be asked is no browser's.
  }
  return false;
}

function isNative(value: (...args: never[]) => unknown): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(textOf(value));
}

function textOf(value: (...args: never[]) => unknown): string {
  return Function.prototype.toString.call(value);
}

function tag(value: unknown): string {
  return Object.prototype.toString.call(value);
}
