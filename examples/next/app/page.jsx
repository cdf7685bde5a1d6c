import { hello } from "./hello.js";

export default async function Page() {
  const wasm = await hello;
  return <p>{wasm.api.greet("server component")}</p>;
}
