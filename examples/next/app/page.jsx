import { hello } from "./hello.js";
import { Sql } from "./sql.jsx";

export default async function Page() {
  const wasm = await hello;
  return (
    <>
      <p>{wasm.api.greet("server component")}</p>
      <Sql />
    </>
  );
}
