import { load } from "unglue";
import { moduleUrl } from "../../packages/served.ts";
import { callForNothing, callForText, callForWord, type ReturnPointer } from "./lower.ts";
import type { Box, Drawing, Picture, Resvg } from "./scenarios/resvg.ts";

type Side = "x" | "y" | "width" | "height";
type BoxExports = { [Name in `__wbg_get_bbox_${Side}`]: (pointer: number) => number } & {
  [Name in `__wbg_set_bbox_${Side}`]: (pointer: number, value: number) => void;
};

interface Exports extends ReturnPointer, BoxExports {
  __wbg_bbox_free(pointer: number): void;
  __wbg_renderedimage_free(pointer: number): void;
  renderedimage_width(pointer: number): number;
  renderedimage_height(pointer: number): number;
  renderedimage_asPng(area: number, pointer: number): void;
  renderedimage_pixels(pointer: number): number;
  __wbg_resvg_free(pointer: number): void;
  resvg_new(area: number, svg: number, options: number, length: number, fonts: number): void;
  resvg_width(pointer: number): number;
  resvg_height(pointer: number): number;
  resvg_render(area: number, pointer: number): void;
  resvg_toString(area: number, pointer: number): void;
  resvg_innerBBox(pointer: number): number;
  resvg_getBBox(pointer: number): number;
  resvg_cropByBBox(pointer: number, box: number): void;
  resvg_imagesToResolve(area: number, pointer: number): void;
  resvg_resolveImage(area: number, pointer: number, href: number, length: number, image: number): void;
}

/** Loads resvg's module without its JavaScript. */
export async function openResvg() {
  const wasm = await load<Exports>(moduleUrl("@resvg/resvg-wasm/index_bg.wasm"));
  const { guarded, handles, memory } = wasm;

  class BoxObject implements Box {
    readonly pointer: number;
    constructor(pointer: number) {
      this.pointer = pointer;
    }
    get x() {
      return guarded.__wbg_get_bbox_x(this.pointer);
    }
    set x(value) {
      guarded.__wbg_set_bbox_x(this.pointer, value);
    }
    get y() {
      return guarded.__wbg_get_bbox_y(this.pointer);
    }
    set y(value) {
      guarded.__wbg_set_bbox_y(this.pointer, value);
    }
    get width() {
      return guarded.__wbg_get_bbox_width(this.pointer);
    }
    set width(value) {
      guarded.__wbg_set_bbox_width(this.pointer, value);
    }
    get height() {
      return guarded.__wbg_get_bbox_height(this.pointer);
    }
    set height(value) {
      guarded.__wbg_set_bbox_height(this.pointer, value);
    }
    free() {
      guarded.__wbg_bbox_free(this.pointer);
    }
  }

  class PictureObject implements Picture {
    readonly #pointer: number;
    constructor(pointer: number) {
      this.#pointer = pointer;
    }
    get width() {
      return guarded.renderedimage_width(this.#pointer) >>> 0;
    }
    get height() {
      return guarded.renderedimage_height(this.#pointer) >>> 0;
    }
    get pixels() {
      return handles.take(guarded.renderedimage_pixels(this.#pointer)) as Uint8Array;
    }
    asPng() {
      const png = callForWord(wasm, (area) => {
        guarded.renderedimage_asPng(area, this.#pointer);
      });
      return handles.take(png) as Uint8Array;
    }
    free() {
      guarded.__wbg_renderedimage_free(this.#pointer);
    }
  }

  class DrawingObject implements Drawing {
    readonly #pointer: number;
    constructor(svg: unknown, options?: string, fonts?: unknown[]) {
      const { address, length } = options === undefined ? { address: 0, length: 0 } : memory.allocString(options);
      this.#pointer = callForWord(wasm, (area) => {
        guarded.resvg_new(area, handles.add(svg), address, length, fonts ? handles.add(fonts) : 0);
      });
    }
    get width() {
      return guarded.resvg_width(this.#pointer);
    }
    get height() {
      return guarded.resvg_height(this.#pointer);
    }
    render() {
      const pointer = callForWord(wasm, (area) => {
        guarded.resvg_render(area, this.#pointer);
      });
      return new PictureObject(pointer);
    }
    toString() {
      return callForText(wasm, (area) => {
        guarded.resvg_toString(area, this.#pointer);
      });
    }
    innerBBox() {
      return boxAt(guarded.resvg_innerBBox(this.#pointer));
    }
    getBBox() {
      return boxAt(guarded.resvg_getBBox(this.#pointer));
    }
    cropByBBox(box: Box) {
      if (!(box instanceof BoxObject)) throw new TypeError("The box is of another instance.");
      guarded.resvg_cropByBBox(this.#pointer, box.pointer);
    }
    imagesToResolve() {
      const images = callForWord(wasm, (area) => {
        guarded.resvg_imagesToResolve(area, this.#pointer);
      });
      return handles.take(images);
    }
    resolveImage(href: string, image: Uint8Array) {
      const { address, length } = memory.allocString(href);
      callForNothing(wasm, (area) => {
        guarded.resvg_resolveImage(area, this.#pointer, address, length, handles.add(image));
      });
    }
    free() {
      guarded.__wbg_resvg_free(this.#pointer);
    }
  }

  const boxAt = (pointer: number) => (pointer === 0 ? undefined : new BoxObject(pointer));
  const api: Resvg = { Resvg: DrawingObject };
  return { wasm, api };
}
