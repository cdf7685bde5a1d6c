// Opens a page in Debian's Firefox until it is ended. Runs in the project, by a Node that puppeteer-core supports.
/* global setInterval */
import process from "node:process";
import puppeteer from "puppeteer-core";

const [, , executablePath, url] = process.argv;
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const page = await browser.newPage();
page.on("console", (message) => console.log(message.text()));
await page.goto(url);
process.on("SIGTERM", () => void browser.close().finally(() => process.exit()));
setInterval(() => undefined, 60_000);
