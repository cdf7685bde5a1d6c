import { load, t } from "unglue";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });
const wasm = await load(new URL("./hello.wasm", import.meta.url), { api });
console.log(wasm.api.greet("world"));
