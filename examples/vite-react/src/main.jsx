import { Suspense, use, useState } from "react";
import { createRoot } from "react-dom/client";
import { load, t } from "unglue";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });
const loading = load(new URL("./hello.wasm", import.meta.url), { api });

function Greeting() {
  const wasm = use(loading);
  const [name, setName] = useState("React");
  return (
    <label>
      Name: <input value={name} onChange={(event) => setName(event.target.value)} />
      <p>{wasm.api.greet(name)}</p>
    </label>
  );
}

createRoot(document.getElementById("root")).render(
  <Suspense fallback="Loading …">
    <Greeting />
  </Suspense>,
);
