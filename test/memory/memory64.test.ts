import { setFlagsFromString } from "node:v8";
import { describeMemory64 } from "./memory64-cases.ts";

// Off by default before Node 24, and there in the form that it had before its standard: growth in numbers.
if (Number(process.versions.node.split(".")[0]) < 24) setFlagsFromString("--experimental-wasm-memory64");

describeMemory64();
