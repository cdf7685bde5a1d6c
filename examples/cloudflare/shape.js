// Writes what a compiled module does not tell at run time.
import { readFile, writeFile } from "node:fs/promises";
import { inspect } from "unglue";

const shape = inspect(await readFile("src/hello.wasm"));
await writeFile("src/hello.shape.json", JSON.stringify(shape));
