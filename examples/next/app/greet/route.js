import { hello } from "../hello.js";

export async function GET(request) {
  const wasm = await hello;
  return new Response(wasm.api.greet(request.nextUrl.searchParams.get("name")));
}
