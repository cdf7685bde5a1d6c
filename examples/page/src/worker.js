// The module runs here, so that a long text does not stop the page.
import { load } from "unglue";
import { api, host } from "./realm.js";
import modelUrl from "./constitution.rlm?url";

const begun = performance.now();

try {
  const [wasm, model] = await Promise.all([
    load(new URL("./realm.wasm", import.meta.url), {
      api,
      imports: (instance) => ({ env: host(instance) }),
      onProgress: (progress) => postMessage({ type: "progress", ...progress }),
    }),
    fetch(modelUrl).then((response) => response.arrayBuffer()),
  ]);
  const { Realm, GenerationConfig } = wasm.api;
  const realm = new Realm();
  realm.loadModel(new Uint8Array(model));
  postMessage({
    type: "loaded",
    milliseconds: performance.now() - begun,
    toolchain: wasm.toolchain,
    letters: realm.vocabSize,
    imports: wasm.imports.map(({ module, name, provider, evidence }) => ({ module, name, provider, evidence })),
  });
  addEventListener("message", ({ data: { prompt, letters, seed } }) => {
    try {
      const config = new GenerationConfig();
      config.maxTokens = letters;
      config.seed = BigInt(seed);
      realm.setConfig(config);
      const start = performance.now();
      realm.generateStream(prompt, (text) => postMessage({ type: "text", text }));
      postMessage({ type: "done", milliseconds: performance.now() - start });
    } catch (error) {
      postMessage({ type: "failed", message: String(error), isLoaded: true });
    }
  });
} catch (error) {
  postMessage({ type: "failed", message: String(error) });
}
