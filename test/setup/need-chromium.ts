import { chromiumMissing, findChromium } from "./chromium.mjs";

/** Fails the run where there is no browser, before any browser test could be left out. */
export function setup(): void {
  if (findChromium() === undefined) throw new Error(chromiumMissing);
}
