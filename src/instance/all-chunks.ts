import { messages } from "../errors/messages/index.ts";
import * as builtins from "../builtins/index.ts";
import * as binderExtras from "./binder-extras.ts";
import * as binder from "./binder.ts";
import * as cCalling from "./c-calling.ts";
import type { Chunks } from "./chunks.ts";
import * as extras from "./extras.ts";

/** All chunks, for calls that cannot wait for one. */
export const allChunks: Chunks = { binder, binderExtras, builtins, cCalling, extras, messages };
