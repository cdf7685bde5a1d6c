import { bytesOf, outcome, type Scenario } from "../scenario.ts";

/** A box around what is drawn. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  free(): void;
}

/** A picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  asPng(): Uint8Array;
  free(): void;
}

/** A drawing, made of an SVG. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  render(): Picture;
  toString(): string;
  innerBBox(): Box | undefined;
  getBBox(): Box | undefined;
  cropByBBox(box: Box): void;
  imagesToResolve(): unknown;
  resolveImage(href: string, image: Uint8Array): void;
  free(): void;
}

/** The module's class: options are JSON, and fonts come apart from them. */
export interface Resvg {
  readonly Resvg: new (svg: string | Uint8Array, options?: string, fonts?: readonly Uint8Array[]) => Drawing;
}

/** Real input. */
export interface ResvgInput {
  /** A font, in base64. */
  readonly font: string;
}

const font = { defaultFontFamily: "DejaVu Sans Mono", loadSystemFonts: false };

/** Text in three scripts, gradients of both kinds, a pattern, a clip path, a mask, a filter, and strokes. */
const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="480" height="320" viewBox="0 0 480 320">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#0b3d91"/><stop offset="0.6" stop-color="#f4a261"/><stop offset="1" stop-color="#e63946"/>
    </linearGradient>
    <radialGradient id="sun" cx="0.4" cy="0.4" r="0.6" spreadMethod="reflect">
      <stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#ffd166" stop-opacity="0.4"/>
    </radialGradient>
    <pattern id="dots" width="12" height="12" patternUnits="userSpaceOnUse"><circle cx="6" cy="6" r="3" fill="#2a9d8f"/></pattern>
    <clipPath id="round"><rect x="20" y="200" width="440" height="100" rx="30"/></clipPath>
    <mask id="fade"><rect width="480" height="320" fill="url(#sun)"/></mask>
    <filter id="soft"><feGaussianBlur stdDeviation="2.5"/></filter>
  </defs>
  <rect width="480" height="320" fill="url(#sky)"/>
  <circle cx="120" cy="90" r="60" fill="url(#sun)" filter="url(#soft)"/>
  <rect x="20" y="200" width="440" height="100" fill="url(#dots)" clip-path="url(#round)" mask="url(#fade)"/>
  <path d="M10 180 C 120 80, 240 280, 470 150" fill="none" stroke="#264653" stroke-width="6" stroke-dasharray="14 6" stroke-linecap="round"/>
  <text x="200" y="80" font-family="DejaVu Sans Mono" font-size="36" fill="#fff">Straße</text>
  <text x="200" y="130" font-family="DejaVu Sans Mono" font-size="30" fill="url(#sky)" stroke="#000" stroke-width="0.5">Привет, γειά</text>
  <text x="40" y="260" font-family="monospace" font-size="22" transform="rotate(-8 40 260)">fi → ∑ <tspan fill="#e63946" font-weight="bold">¡olé!</tspan></text>
</svg>`;

const linked = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">
  <image width="20" height="20" xlink:href="https://example.com/a.png"/><image x="20" width="20" height="20" href="https://example.com/é.png"/></svg>`;

/** The scenario of resvg. */
export const resvgScenario: Scenario<Resvg, ResvgInput> = {
  "renders text and gradients to the very bytes of the PNG": ({ Resvg }, input) =>
    [{ mode: "original" }, { mode: "width", value: 900 }, { mode: "zoom", value: 0.5 }].map((fitTo) => {
      const options = JSON.stringify({ fitTo, font, background: "rgba(10, 20, 30, .5)" });
      const drawing = new Resvg(svg, options, [bytesOf(input.font)]);
      const picture = drawing.render();
      const results = [drawing.width, drawing.height, picture.width, picture.height, picture.asPng(), picture.pixels];
      picture.free();
      drawing.free();
      return results;
    }),

  "draws no text without a font, and so the font has been read": ({ Resvg }, input) => {
    const options = JSON.stringify({ font });
    const [bare, written] = [new Resvg(svg, options), new Resvg(svg, options, [bytesOf(input.font)])];
    const pictures = [bare, written].map((drawing) => drawing.render().asPng());
    return [...pictures, pictures[0]?.length === pictures[1]?.length];
  },

  "takes bytes, and writes the simplified SVG": ({ Resvg }, input) => {
    const drawing = new Resvg(new TextEncoder().encode(svg), JSON.stringify({ font }), [bytesOf(input.font)]);
    return drawing.toString();
  },

  "measures, and crops to what it measured": ({ Resvg }) => {
    const drawing = new Resvg(svg);
    const boxes = [drawing.innerBBox(), drawing.getBBox()];
    const measured = boxes.map((box) => box && { x: box.x, y: box.y, width: box.width, height: box.height });
    const box = drawing.getBBox();
    if (!box) throw new Error("Nothing is drawn.");
    box.width = 100.5;
    box.x = 50;
    drawing.cropByBBox(box);
    const results = [...measured, box.width, drawing.width, drawing.height, drawing.render().asPng()];
    box.free();
    drawing.free();
    return [...results, new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').getBBox()];
  },

  "asks for linked images, and draws what it is given": ({ Resvg }) => {
    const dot = new Resvg(
      '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><path d="M0 0h2v2z" fill="red"/></svg>',
    );
    const image = dot.render().asPng();
    const drawing = new Resvg(linked);
    const asked = drawing.imagesToResolve();
    for (const href of asked as string[]) drawing.resolveImage(href, image);
    return [
      image,
      asked,
      drawing.render().pixels,
      outcome(() => {
        drawing.resolveImage("é", Uint8Array.of(1, 2, 3));
      }),
    ];
  },

  "throws for what it cannot draw": ({ Resvg }) => [
    outcome(() => new Resvg("not an SVG")),
    outcome(() => new Resvg("")),
    outcome(() => new Resvg(5 as never)),
    outcome(() => new Resvg(Uint8Array.of(255, 255))),
    outcome(() => new Resvg("<svg")),
    outcome(() => new Resvg(svg, JSON.stringify({ fitTo: { mode: "width", value: 0 } })).render()),
    outcome(() => new Resvg(svg, undefined, [5 as never])),
    outcome(() => new Resvg(svg, "{}", [Uint8Array.of(1, 2)]).width),
  ],
};
