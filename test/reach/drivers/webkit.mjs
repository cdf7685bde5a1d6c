// Opens a page in Debian's WebKit until it is ended, by plain WebDriver. Runs under xvfb-run.
/* global fetch, setInterval, setTimeout */
import { spawn } from "node:child_process";
import process from "node:process";

const [, , driver, binary, url, port] = process.argv;
const child = spawn(driver, [`--port=${port}`], { stdio: "inherit" });
process.on("exit", () => child.kill());
const ask = async (path, body) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
  return value;
};
const options = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
const open = async () => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask("/session", { capabilities: { alwaysMatch: options } });
    } catch (error) {
      if (attempt > 50 || error.cause?.code !== "ECONNREFUSED") throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};
const { sessionId } = await open();
await ask(`/session/${sessionId}/url`, { url });
setInterval(() => undefined, 60_000);
