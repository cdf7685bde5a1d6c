// Assembles hello.wat: `node examples/hello/build.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const text = readFileSync(new URL("hello.wat", import.meta.url), "utf8");
const module = (await wabt()).parseWat("hello.wat", text);
writeFileSync(new URL("hello.wasm", import.meta.url), module.toBinary({}).buffer);
