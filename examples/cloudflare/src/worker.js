import { load, t } from "unglue";
import module from "./hello.wasm";
import shape from "./hello.shape.json";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });

export default {
  async fetch(request) {
    const wasm = await load(module, { shape, api });
    return new Response(wasm.api.greet(new URL(request.url).pathname.slice(1)));
  },
};
