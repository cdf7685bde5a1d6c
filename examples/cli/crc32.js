#!/usr/bin/env node
// Prints the CRC-32 of each file.
import { readFile } from "node:fs/promises";
import { load, t } from "unglue";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("Usage: crc32 FILE...");
  process.exit(2);
}

// uint32_t crc32(const uint8_t *data, size_t length);
const api = t.api({ crc32: t.fn([t.bytes], t.u32) });
const wasm = await load(new URL("./counter.wasm", import.meta.url), { api });
for (const file of files) {
  const crc = wasm.api.crc32(await readFile(file));
  console.log(`${crc.toString(16).padStart(8, "0")}  ${file}`);
}
