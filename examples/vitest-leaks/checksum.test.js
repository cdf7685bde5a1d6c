import { load } from "unglue";
import { createLedger } from "unglue/ledger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checksum, leakyChecksum } from "./checksum.js";

const ledger = createLedger();
const wasm = await load(new URL("./counter.wasm", import.meta.url), { ledger });

beforeEach(() => ledger.accept());
afterEach(() => ledger.expectNoLeaks());

test("checksum", () => expect(checksum(wasm, "hello")).toBe(0x3610a686));
test("leakyChecksum", () => expect(leakyChecksum(wasm, "hello")).toBe(0x3610a686));
