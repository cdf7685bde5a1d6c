import { load, t } from "unglue";

const api = t.api({
  // uint32_t crc32(const uint8_t *data, size_t length);
  crc32: t.fn([t.bytes], t.u32),
  // struct counter *counter_new(uint32_t start); counter_add(struct counter *, uint32_t by); counter_free(struct counter *);
  Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.u32], t.u32) }),
});
const { crc32, Counter } = (await load(new URL("./counter.wasm", import.meta.url), { api })).api;

console.log(crc32(new TextEncoder().encode("hello")).toString(16));
const counter = new Counter(40);
console.log(counter.add(2));
counter.free();
