import { load, t } from "unglue";
import prqlcModule from "prqlc/dist/web/prqlc_js_bg.wasm";
import module from "./hello.wasm";
import shape from "./hello.shape.json";
import prqlc from "./prqlc.js";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });

export default {
  async fetch(request) {
    const [, page, text] = new URL(request.url).pathname.split("/").map(decodeURIComponent);
    if (page === "sql") {
      const wasm = await load(prqlcModule, prqlc);
      return new Response(wasm.api.compile(text));
    }
    const wasm = await load(module, { shape, api });
    return new Response(wasm.api.greet(page));
  },
};
