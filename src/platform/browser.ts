import type { Platform } from "./platform.ts";

/** Browsers, workers, edge hosts: all that has web standards and no file system. */
export const browserPlatform: Platform = { name: "browser" };
