import { describeMemory64 } from "./memory64-cases.ts";

describeMemory64();
