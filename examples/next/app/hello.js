import { join } from "node:path";
import { load, t } from "unglue";

const api = t.api({ greet: t.fn([t.cstring], t.cstring) });
export const hello = load(join(process.cwd(), "app/hello.wasm"), { api });
