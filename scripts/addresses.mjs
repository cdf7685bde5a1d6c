// The addresses of the package: `repository`, `homepage` and `bugs`. `node scripts/addresses.mjs fill` writes them from the
// variables of the release workflow; `node scripts/addresses.mjs require` fails where one is missing, so that no package is
// published without.
import { readFileSync, writeFileSync } from "node:fs";
import { argv, env, exit } from "node:process";

const [, , task, file = new URL("../package.json", import.meta.url)] = argv;
const manifest = JSON.parse(readFileSync(file, "utf8"));

if (task === "fill") {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  if (!server || !name) throw new Error("GITHUB_SERVER_URL and GITHUB_REPOSITORY must be set.");
  const [owner, repository] = name.split("/");
  Object.assign(manifest, {
    repository: { type: "git", url: `git+${server}/${name}.git` },
    homepage: `https://${owner.toLowerCase()}.github.io/${repository}/`,
    bugs: { url: `${server}/${name}/issues` },
  });
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
} else if (task === "require") {
  const missing = ["repository", "homepage", "bugs"].filter((field) => manifest[field] === undefined);
  if (missing.length > 0) {
    console.error(`package.json lacks ${missing.join(", ")}: publish by the release workflow, which fills them in.`);
    exit(1);
  }
} else {
  throw new Error(`The task must be "fill" or "require", got ${JSON.stringify(task)}.`);
}
