// The browsers: those of Debian, each with a page, a module worker, a service worker and an audio worklet.
/* global AbortController */
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { chromiumArgs, findChromium } from "../setup/chromium.mjs";
import { bundle, freePort, layOut } from "./prepare.mjs";
import { nodeOf, versions } from "./tools.mjs";

const ways = { page: "page", worker: "module worker", "service-worker": "service worker", worklet: "AudioWorklet" };
const bundled = { "service-worker": "iife", worklet: "esm" };
const browsers = {
  chromium: {
    title: `Chromium ${versions.chromium}`,
    missing: () => (findChromium() ? "" : "Chromium is not installed"),
    async open({ until }, url) {
      const args = [...chromiumArgs, "--js-flags=--expose-gc", "--autoplay-policy=no-user-gesture-required"];
      const browser = await chromium.launch({ executablePath: findChromium(), args });
      try {
        await (await browser.newPage()).goto(url);
        await until(() => false);
      } finally {
        await browser.close();
      }
    },
  },
  firefox: {
    title: `Firefox ${versions.firefox}`,
    missing: () => (firefox() ? "" : "Firefox is not installed"),
    open: (context, url) =>
      drive(context, nodeOf(24), [join(context.folder, "drivers", "firefox.mjs"), firefox(), url]),
  },
  webkit: {
    title: `WebKitGTK ${versions.webkit}`,
    missing: () => (webkitFiles.every(existsSync) ? "" : "WebKit's driver and xvfb are not installed"),
    async open(context, url) {
      const [xvfb, driver, miniBrowser] = webkitFiles;
      const script = join(context.folder, "drivers", "webkit.mjs");
      const args = ["-a", nodeOf(24), script, driver, miniBrowser, url, String(await freePort())];
      // As root, in a container, WebKit's own sandbox cannot be built.
      const variables = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", JSC_useDollarVM: "1" };
      await drive(context, xvfb, args, { env: variables });
    },
  },
};

const firefox = () => env.UNGLUE_FIREFOX ?? ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);
const webkitFiles = [
  "/usr/bin/xvfb-run",
  "/usr/bin/WebKitWebDriver",
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
];

/** @type {import("./runtimes.mjs").Runtime[]} */
export const browserRuntimes = Object.entries(browsers).flatMap(([browser, { title, missing, open }]) =>
  Object.entries(ways).map(([way, words]) => ({
    name: `${browser}-${way}`,
    title: `${title}, ${words}`,
    needs: browser,
    isPage: way === "page",
    missing,
    run: async (context) => {
      const format = bundled[way];
      if (format) await bundle(context.folder, way, { format });
      await open(context, `${context.url}files/browser/hosts/page.html?way=${way}&run=${context.name}`);
    },
  })),
);

/** Lays the hosts out for browsers, whose workers know no import map: with relative addresses. */
export async function prepareBrowsers(folder) {
  await layOut(folder, join(folder, "browser"), "../../node_modules/unglue/dist/");
  await cp(fileURLToPath(new URL("./drivers", import.meta.url)), join(folder, "drivers"), { recursive: true });
}

/** Runs a driver until the results are there. */
async function drive({ spawn, until }, command, args, options) {
  const ended = new AbortController();
  let failure;
  const running = spawn(command, args, { ...options, signal: ended.signal }).catch((error) => (failure = error));
  try {
    await until(() => failure);
  } finally {
    ended.abort();
    await running;
  }
}
