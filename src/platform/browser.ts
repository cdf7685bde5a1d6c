import type { Platform } from "./platform.ts";

/** Browsers, workers and edge hosts: any platform with web standards and no file system. */
export const browserPlatform: Platform = {
  files: undefined,
  checksIntegrity: isBrowser,
  loadHash: undefined,
};

/**
 * Whether this is a page or worker of a browser with its original `fetch`. Some hosts ignore `integrity` although their
 * `fetch` is native code, so the global object must also have a location with a native accessor.
 */
function isBrowser(): boolean {
  try {
    // The text of a proxy or a bound function has no name.
    if (!isNative(fetch) || !textOf(fetch).startsWith("function fetch(") || fetch.name !== "fetch") return false;
    for (let holder: object | null = globalThis; holder; holder = Reflect.getPrototypeOf(holder)) {
      const get = Reflect.getOwnPropertyDescriptor(holder, "location")?.get;
      if (get) return isNative(get) && /^\[object (Worker)?Location\]$/.test(tag(Reflect.apply(get, globalThis, [])));
    }
  } catch {
    // A global object that throws is not a browser's.
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
