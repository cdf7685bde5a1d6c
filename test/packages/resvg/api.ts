import { t } from "unglue";

/** The interface of the module of @resvg/resvg-wasm. */
export const api = t.api({
  Resvg: t.class({
    new: t.ctor([t.js.as<string | Uint8Array>(), t.optional(t.string), t.optional(t.js.as<readonly Uint8Array[]>())], {
      throws: true,
    }),
    width: t.getter(t.f32),
    height: t.getter(t.f32),
    render: t.method([], t.owned("RenderedImage"), { throws: true }),
    toString: t.method([], t.string),
    innerBBox: t.method([], t.optional(t.owned("BBox"))),
    getBBox: t.method([], t.optional(t.owned("BBox"))),
    cropByBBox: t.method([t.object("BBox")], t.void),
    imagesToResolve: t.method([], t.js.as<string[]>(), { throws: true }),
    resolveImage: t.method([t.string, t.js.as<Uint8Array>()], t.void, { throws: true }),
  }),
  RenderedImage: t.class({
    width: t.getter(t.u32),
    height: t.getter(t.u32),
    pixels: t.getter(t.js.as<Uint8Array<ArrayBuffer>>()),
    asPng: t.method([], t.js.as<Uint8Array<ArrayBuffer>>(), { throws: true }),
  }),
  BBox: t.class({
    x: t.field(t.f64),
    y: t.field(t.f64),
    width: t.field(t.f64),
    height: t.field(t.f64),
  }),
});
