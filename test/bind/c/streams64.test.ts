import { setFlagsFromString } from "node:v8";
import { describeStreams } from "./streams-cases.ts";

// Off by default before Node 24.
if (Number(process.versions.node.split(".")[0]) < 24) setFlagsFromString("--experimental-wasm-memory64");

describeStreams("shapes64", true);
