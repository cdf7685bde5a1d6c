/** Runs the scenarios with the packages' own JavaScript, in Node. Only this file runs any of it. */
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { inputBytes, inputNames, moduleBytes } from "./index.mjs";
import { packageFile, requirePackage } from "./modules.mjs";
import { type Brotli, brotliScenario } from "./brotli/scenario.ts";
import { gluesqlScenario, type GlueSql } from "./gluesql/scenario.ts";
import { type Lz4, lz4Scenario } from "./lz4/scenario.ts";
import { oxcScenario, type Oxc } from "./oxc/scenario.ts";
import { type Prqlc, prqlcScenario } from "./prqlc/scenario.ts";
import { type Resvg, resvgScenario } from "./resvg/scenario.ts";
import { answer, type Answers } from "./scenario.ts";
import { type Tiktoken, type TiktokenInput, tiktokenScenario } from "./tiktoken/scenario.ts";
import { type Ywasm, ywasmScenario } from "./ywasm/scenario.ts";

const languages = ["cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-br", "ru", "tr", "zh-cn", "zh-tw"];
const sources = ["lib.dom.d.ts", "lib.es5.d.ts"];

const makers: Readonly<Record<string, () => Promise<Answers<unknown>>>> = {
  tiktoken: async () => {
    const messages = await Promise.all(
      languages.map((language) => text(`typescript/lib/${language}/diagnosticMessages.generated.json`)),
    );
    const values = messages.flatMap((json) => Object.values(JSON.parse(json) as Record<string, string>).slice(0, 60));
    const encoder = JSON.parse(await text("tiktoken/encoders/r50k_base.json")) as TiktokenInput["encoder"];
    const input = { text: [...values, "שלום עולם", "مرحبا", "👩‍👩‍👧‍👦🇯🇵", "\u0000\uFFFD\r\n\t "].join("\n"), encoder };
    return answer(tiktokenScenario, requirePackage("tiktoken") as Tiktoken, input);
  },
  oxc: async () => {
    const files = Object.fromEntries(
      await Promise.all(sources.map(async (name) => [name, await text(`typescript/lib/${name}`)] as const)),
    );
    return answer(oxcScenario, requirePackage("@oxc-parser/wasm") as Oxc, { files });
  },
  resvg: async () => {
    const font = await readFile(packageFile("dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf"), "base64");
    return answer(resvgScenario, await resvgGlue(), { font });
  },
  brotli: async () => answer(brotliScenario, requirePackage("brotli-wasm") as Brotli, { files: await inputFiles() }),
  lz4: async () => answer(lz4Scenario, await lz4Glue(), { files: await inputFiles() }),
  prqlc: () => answer(prqlcScenario, requirePackage("prqlc") as Prqlc, undefined),
  ywasm: () => answer(ywasmScenario, requirePackage("ywasm") as Ywasm, undefined),
  gluesql: async () => {
    const { Glue } = requirePackage("gluesql/nodejs/gluesql_js.js") as GlueSql;
    // Each of its instances greets.
    const { log } = console;
    console.log = () => undefined;
    try {
      return await answer(gluesqlScenario, { Glue }, undefined);
    } finally {
      console.log = log;
    }
  },
};
const made = new Map<string, Promise<Answers<unknown>>>();

/**
 * Runs a package's scenario with its own JavaScript, at the first call.
 *
 * @param name - A package that has a scenario.
 * @returns `undefined` for another name.
 */
export function glueAnswers(name: string): Promise<Answers<unknown>> | undefined {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (maker && !made.has(name)) made.set(name, maker());
  return made.get(name);
}

/** The package's class takes options as an object, with the fonts in it. */
async function resvgGlue(): Promise<Resvg> {
  const { initWasm, Resvg } = requirePackage("@resvg/resvg-wasm") as {
    initWasm(bytes: Uint8Array): Promise<void>;
    Resvg: new (svg: unknown, options: unknown) => InstanceType<Resvg["Resvg"]>;
  };
  await initWasm(await moduleBytes("resvg"));
  return {
    Resvg: class extends Resvg {
      constructor(svg: unknown, options?: string, fontBuffers?: readonly unknown[]) {
        const given = options === undefined ? undefined : (JSON.parse(options) as { font?: object });
        super(svg, fontBuffers ? { ...given, font: { ...given?.font, fontBuffers } } : given);
      }
    },
  };
}

/** The package is made for bundlers: its JavaScript imports the module as if that were JavaScript too. Only this import is replaced. */
async function lz4Glue(): Promise<Lz4> {
  const bundled = (await text("lz4-wasm/lz4_wasm_bg.js")).replace(
    /import \* as wasm from '.*';/,
    "let wasm; export function bundle(exports) { wasm = exports; }",
  );
  const glue = (await import(`data:text/javascript,${encodeURIComponent(bundled)}`)) as Lz4 & {
    bundle(exports: WebAssembly.Exports): void;
  };
  const module = new WebAssembly.Module(await moduleBytes("lz4"));
  glue.bundle(new WebAssembly.Instance(module, { "./lz4_wasm_bg.js": { ...glue } }).exports);
  return glue;
}

async function inputFiles(): Promise<Record<string, string>> {
  const files = inputNames.map(async (name) => [name, Buffer.from(await inputBytes(name)).toString("base64")] as const);
  return Object.fromEntries(await Promise.all(files));
}

function text(path: string): Promise<string> {
  return readFile(packageFile(path), "utf8");
}
