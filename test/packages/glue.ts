/** Runs the scenarios with the packages' own JavaScript, in Node. Only this file and `load-glue.ts` run any of it. */
import { Buffer } from "node:buffer";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Brotli, brotliRounds, brotliScenario } from "./brotli/scenario.ts";
import { type Cardano, cardanoRounds, cardanoScenario } from "./cardano/scenario.ts";
import { type DidComm, didcommRounds, didcommScenario } from "./didcomm/scenario.ts";
import { type Elm, elmRounds, elmScenario } from "./elm/scenario.ts";
import { gluesqlRounds, gluesqlScenario, type GlueSql } from "./gluesql/scenario.ts";
import { inputBytes, inputNames, moduleBytes } from "./index.mjs";
import { type Ini, iniRounds, iniScenario } from "./ini/scenario.ts";
import { bundledGlue, type Glue, requireGlue, slotsInUse, webGlue } from "./load-glue.ts";
import { type Lz4, lz4Rounds, lz4Scenario } from "./lz4/scenario.ts";
import { type Mail, mailRounds, mailScenario } from "./mail/scenario.ts";
import { type Matrix, matrixRounds, matrixScenario } from "./matrix/scenario.ts";
import { packageFile, requirePackage } from "./modules.mjs";
import { type Oxc, oxcRounds, oxcScenario } from "./oxc/scenario.ts";
import { type Planner, plannerRounds, plannerScenario } from "./planner/scenario.ts";
import { type Proj, projRounds, projScenario } from "./proj/scenario.ts";
import { type Prqlc, prqlcRounds, prqlcScenario } from "./prqlc/scenario.ts";
import { type Resvg, resvgScenario } from "./resvg/scenario.ts";
import { type Growth, growthOver, type Rounds } from "./rounds.ts";
import { answer, type Answers, type Scenario } from "./scenario.ts";
import { type Tiktoken, type TiktokenInput, tiktokenRounds, tiktokenScenario } from "./tiktoken/scenario.ts";
import { type Voy, voyRounds, voyScenario } from "./voy/scenario.ts";
import { type Xlsx, xlsxRounds, xlsxScenario } from "./xlsx/scenario.ts";
import { type Ywasm, ywasmRounds, ywasmScenario } from "./ywasm/scenario.ts";

const languages = ["cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-br", "ru", "tr", "zh-cn", "zh-tw"];
const sources = ["lib.dom.d.ts", "lib.es5.d.ts"];

/** The answers of a package's own JavaScript, and the growth that it causes. */
interface Package {
  answers(): Promise<Answers<unknown>>;
  growth(): Promise<Growth>;
}

const nothing = () => Promise.resolve(undefined);

const packages: Readonly<Record<string, Package>> = {
  brotli: made(() => requireGlue<Brotli>("brotli-wasm"), inputFiles, brotliScenario, brotliRounds),
  cardano: made(
    () => requireGlue<Cardano>("@emurgo/cardano-serialization-lib-nodejs"),
    nothing,
    cardanoScenario,
    cardanoRounds,
  ),
  didcomm: made(() => requireGlue<DidComm>("didcomm-node"), didInput, didcommScenario, didcommRounds),
  elm: made(() => requireGlue<Elm>("elm-solve-deps-wasm"), nothing, elmScenario, elmRounds),
  gluesql: made(() => requireGlue<GlueSql>("gluesql/nodejs/gluesql_js.js"), nothing, gluesqlScenario, gluesqlRounds),
  ini: made(() => requireGlue<Ini>("@one-ini/wasm"), nothing, iniScenario, iniRounds),
  lz4: made(() => bundledGlue<Lz4>("lz4-wasm/lz4_wasm_bg.js", "lz4"), inputFiles, lz4Scenario, lz4Rounds),
  mail: made(
    () => bundledGlue<Mail>("mail-parser-wasm/mail_parser_wasm_bg.js", "mail"),
    nothing,
    mailScenario,
    mailRounds,
  ),
  matrix: made(matrixGlue, nothing, matrixScenario, matrixRounds),
  oxc: made(() => requireGlue<Oxc>("@oxc-parser/wasm"), oxcInput, oxcScenario, oxcRounds),
  planner: made(() => requireGlue<Planner>("@apollo/query-planner-wasm"), nothing, plannerScenario, plannerRounds),
  proj: made(() => bundledGlue<Proj>("proj4rs/proj4rs_bg.js", "proj"), nothing, projScenario, projRounds),
  prqlc: made(() => requireGlue<Prqlc>("prqlc"), nothing, prqlcScenario, prqlcRounds),
  resvg: made(resvgGlue, resvgInput, resvgScenario),
  tiktoken: made(() => requireGlue<Tiktoken>("tiktoken"), tiktokenInput, tiktokenScenario, tiktokenRounds),
  voy: made(() => bundledGlue<Voy>("voy-search/voy_search_bg.js", "voy"), nothing, voyScenario, voyRounds),
  xlsx: made(() => webGlue<Xlsx>("wasm-xlsxwriter/web/wasm_xlsxwriter.js", "xlsx"), nothing, xlsxScenario, xlsxRounds),
  ywasm: made(() => requireGlue<Ywasm>("ywasm"), nothing, ywasmScenario, ywasmRounds),
};

/**
 * Runs a package's scenario with its own JavaScript, at the first call.
 *
 * @param name - A package that has a scenario.
 * @returns `undefined` for another name.
 */
export function glueAnswers(name: string): Promise<Answers<unknown>> | undefined {
  return Object.hasOwn(packages, name) ? packages[name]?.answers() : undefined;
}

/**
 * Runs a package's rounds with its own JavaScript, at the first call, and counts what they leave behind.
 *
 * @param name - A package that has a scenario.
 * @returns `undefined` for another name.
 */
export function glueGrowth(name: string): Promise<Growth> | undefined {
  return Object.hasOwn(packages, name) ? packages[name]?.growth() : undefined;
}

function made<Api, Input>(
  load: () => Glue<Api> | Promise<Glue<Api>>,
  makeInput: () => Promise<Input>,
  scenario: Scenario<Api, Input>,
  rounds?: Rounds<Api, Input>,
): Package {
  const input = once(makeInput);
  return {
    answers: once(async () => {
      const { api } = await load();
      const given = await input();
      return quietly(() => answer(scenario, api, given));
    }),
    growth: once(async () => {
      const { api, instance } = await load();
      const given = await input();
      if (!rounds || !instance) throw new Error("Nothing counts what this package keeps.");
      const count = () => ({
        handles: slotsInUse(instance),
        bytes: (instance.exports.memory as WebAssembly.Memory).buffer.byteLength,
      });
      return quietly(() => growthOver(rounds, api, given, count));
    }),
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= make());
}

/** Some modules greet, by `console.log`, each time that an object is made. */
async function quietly<Value>(run: () => Promise<Value>): Promise<Value> {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await run();
  } finally {
    console.log = log;
  }
}

/** The package instantiates in the background, once: here it is done by hand. */
async function matrixGlue(): Promise<Glue<Matrix>> {
  return bundledGlue<Matrix>("@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.js", "matrix");
}

/** The package's class takes options as an object, with the fonts in it. */
async function resvgGlue(): Promise<Glue<Resvg>> {
  const { initWasm, Resvg } = requirePackage("@resvg/resvg-wasm") as {
    initWasm(bytes: Uint8Array): Promise<void>;
    Resvg: new (svg: unknown, options: unknown) => InstanceType<Resvg["Resvg"]>;
  };
  await initWasm(await moduleBytes("resvg"));
  const api = {
    Resvg: class extends Resvg {
      constructor(svg: unknown, options?: string, fontBuffers?: readonly unknown[]) {
        const given = options === undefined ? undefined : (JSON.parse(options) as { font?: object });
        super(svg, fontBuffers ? { ...given, font: { ...given?.font, fontBuffers } } : given);
      }
    },
  };
  return { api };
}

async function resvgInput() {
  return { font: await readFile(packageFile("dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf"), "base64") };
}

async function tiktokenInput(): Promise<TiktokenInput> {
  const messages = await Promise.all(
    languages.map((language) => text(`typescript/lib/${language}/diagnosticMessages.generated.json`)),
  );
  const values = messages.flatMap((json) => Object.values(JSON.parse(json) as Record<string, string>).slice(0, 60));
  const encoder = JSON.parse(await text("tiktoken/encoders/r50k_base.json")) as TiktokenInput["encoder"];
  return { text: [...values, "שלום עולם", "مرحبا", "👩‍👩‍👧‍👦🇯🇵", "\u0000\uFFFD\r\n\t "].join("\n"), encoder };
}

async function oxcInput() {
  const files = await Promise.all(sources.map(async (name) => [name, await text(`typescript/lib/${name}`)] as const));
  return { files: Object.fromEntries(files) };
}

/** Keys of two parties, to sign and to agree on a secret. */
function didInput() {
  const keys = ["did:example:alice", "did:example:bob"].map((id) => {
    const sign = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    const agree = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
    return [id, { sign, agree }] as const;
  });
  return Promise.resolve({ keys: Object.fromEntries(keys) });
}

async function inputFiles() {
  const files = inputNames.map(async (name) => [name, Buffer.from(await inputBytes(name)).toString("base64")] as const);
  return { files: Object.fromEntries(await Promise.all(files)) };
}

function text(path: string): Promise<string> {
  return readFile(packageFile(path), "utf8");
}
