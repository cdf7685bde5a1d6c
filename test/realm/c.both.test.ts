import { type Instance, load } from "unglue";
import { describe, expect, it } from "vitest";
import answers from "../fixtures/realm/answers.json" with { type: "json" };
import { type Build, builds, host, realmFile, realmUrl } from "./built.ts";
import { aboveHalf } from "./scenario.ts";

/** The crate's functions for C. */
interface Exports {
  rlm_new(): number;
  rlm_free(realm: number): void;
  rlm_load_model(realm: number, bytes: number, length: number): number;
  rlm_load_model_by_id(realm: number, id: number): number;
  rlm_options_init(options: number): void;
  rlm_generate(realm: number, prompt: number, options: number, callback: number, data: number): number;
  rlm_last_error(realm: number): number;
}

const status = { ok: 0, invalidArgument: -1, failed: -2, stopped: -3 };

async function start({ name }: Build, models: ReadonlyMap<number, Uint8Array>) {
  return load<Exports>(realmUrl(`built/${name}.wasm`), {
    imports: (instance) => ({ env: host(() => instance.memory, models) }),
  });
}

/** Generates with `rlm_generate`, until the text is as long as `enough`. */
function generate(
  { exports, memory, callback }: Instance<Exports>,
  realm: number,
  prompt: string,
  write: (options: DataView) => void,
  enough = Infinity,
) {
  let text = "";
  const receive = callback("iii->i", (data, at, length) => {
    expect(data).toBe(7);
    text += memory.readString(at, length);
    return Number(text.length < enough);
  });
  const result = memory.arena((arena) => {
    const options = arena.alloc(24);
    exports.rlm_options_init(options);
    write(new DataView(memory.buffer, options, 24));
    const { address } = arena.string(prompt, { layout: "nul" });
    return exports.rlm_generate(realm, address, options, receive, 7);
  });
  return { result, text };
}

describe.each(builds.map((build) => [build.name, build] as const))("the C functions of %s", (_, build) => {
  it("generate what the class does, beside it", async () => {
    for (const { model, seed, text } of answers) {
      const wasm = await start(build, new Map([[aboveHalf, await realmFile(`models/${model}.rlm`)]]));
      const realm = wasm.exports.rlm_new();
      expect(wasm.exports.rlm_load_model_by_id(realm, aboveHalf)).toBe(status.ok);
      const generated = generate(wasm, realm, "The People", (options) => {
        options.setUint32(0, 80, true);
        options.setBigUint64(16, BigInt(seed), true);
      });
      expect(generated).toEqual({ result: status.ok, text });
      wasm.exports.rlm_free(realm);
    }
  });

  it("write the options that a realm begins with into the caller's storage", async () => {
    const { exports, memory } = await start(build, new Map());
    memory.arena((arena) => {
      const at = arena.alloc(32);
      memory.u8.fill(0xaa, at, at + 32);
      exports.rlm_options_init(at);
      const view = new DataView(memory.buffer, at, 32);
      const options = [view.getUint32(0, true), view.getUint32(4, true), view.getFloat32(8, true)];
      expect([...options, view.getBigUint64(16, true)]).toEqual([200, 0, Math.fround(0.8), 1n]);
      expect(view.getBigUint64(24, true)).toBe(0xaaaaaaaaaaaaaaaan);
    });
  });

  it("return a status, with a reason for those that have one", async () => {
    const wasm = await start(build, new Map());
    const { exports, memory } = wasm;
    const realm = exports.rlm_new();
    const reason = () => memory.readString(exports.rlm_last_error(realm), "nul");
    expect(exports.rlm_load_model_by_id(realm, aboveHalf)).toBe(status.failed);
    expect(reason()).toBe(`the host has no model ${aboveHalf}`);
    expect(generate(wasm, realm, "x", () => undefined)).toEqual({ result: status.failed, text: "" });
    expect(reason()).toBe("no model is loaded: call loadModel first");
    expect(exports.rlm_generate(realm, 0, 0, 0, 0)).toBe(status.invalidArgument);
    expect(exports.rlm_load_model_by_id(0, 1)).toBe(status.invalidArgument);
    const model = await realmFile("models/declaration.rlm");
    memory.arena((arena) => {
      expect(exports.rlm_load_model(realm, arena.bytes(model).address, model.length)).toBe(status.ok);
    });
    expect(generate(wasm, realm, "The", () => undefined, 5)).toMatchObject({ result: status.stopped });
    exports.rlm_free(realm);
    exports.rlm_free(0);
  });
});
