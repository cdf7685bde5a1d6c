"use client";
import { useState } from "react";
import { load } from "unglue";
import prqlc from "./prqlc.js";

async function compile(text) {
  const wasm = await load(new URL("prqlc/dist/web/prqlc_js_bg.wasm", import.meta.url), prqlc);
  return wasm.api.compile(text);
}

export function Sql() {
  const [sql, setSql] = useState("");
  return <button onClick={async () => setSql(await compile("from employees | take 3"))}>SQL: {sql}</button>;
}
