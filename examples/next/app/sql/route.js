import { load } from "unglue";
import prqlc from "../prqlc.js";

const loaded = load(new URL("prqlc/dist/node/prqlc_js_bg.wasm", import.meta.url), prqlc);

export async function GET(request) {
  const wasm = await loaded;
  return new Response(wasm.api.compile(request.nextUrl.searchParams.get("text")));
}
