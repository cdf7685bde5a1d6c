import { load } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { callForText, callForWord, takeValues, withArea, type ReturnPointer } from "./lower.ts";
import type { Oxc, ParseResult } from "./scenarios/oxc.ts";

interface Exports extends ReturnPointer {
  parseSync(area: number, source: number, length: number, options: number): void;
  __wbg_parseresult_free(pointer: number, isCollected: number): void;
  __wbg_get_parseresult_programJson(area: number, pointer: number): void;
  __wbg_get_parseresult_comments(area: number, pointer: number): void;
  __wbg_get_parseresult_errors(area: number, pointer: number): void;
}

/** Loads the module of @oxc-parser/wasm without its JavaScript. */
export async function openOxc() {
  const wasm = await load<Exports>(moduleUrl("@oxc-parser/wasm/web/oxc_parser_wasm_bg.wasm"));
  const { guarded, handles, memory } = wasm;

  class Result implements ParseResult {
    readonly #pointer: number;
    constructor(pointer: number) {
      this.#pointer = pointer;
    }
    get programJson() {
      return callForText(wasm, (area) => {
        guarded.__wbg_get_parseresult_programJson(area, this.#pointer);
      });
    }
    get comments() {
      return this.#list("comments");
    }
    get errors() {
      return this.#list("errors");
    }
    free() {
      guarded.__wbg_parseresult_free(this.#pointer, 0);
    }
    #list(name: "comments" | "errors") {
      const [address, count] = withArea(wasm, (area) => {
        guarded[`__wbg_get_parseresult_${name}`](area, this.#pointer);
      });
      return takeValues(wasm, address, count);
    }
  }

  const api: Oxc = {
    parseSync: (source, options) => {
      const { address, length } = memory.allocString(source);
      const given = options === undefined || options === null ? 0 : handles.add(options);
      const pointer = callForWord(wasm, (area) => {
        guarded.parseSync(area, address, length, given);
      });
      return new Result(pointer);
    },
  };
  return { wasm, api };
}
