// The picture that resvg draws: gradients of both kinds, text in five scripts, strokes, masks and a blur.

/** The fonts that the picture's text is set in, by the names under which the demo's server has them. */
export const fonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

/** Options of resvg for the picture. */
export const options = JSON.stringify({ font: { defaultFontFamily: "DejaVu Sans", loadSystemFonts: false } });

/** Places and sizes of stars. Their whole numbers come from a generator that is the same in every runtime. */
const stars = Array.from({ length: 90 }, (_, at) => {
  const [x, y] = [(at * 7919) % 960, (at * 104_729) % 300];
  return `<circle cx="${x}" cy="${y}" r="${(0.5 + (at % 5) * 0.3).toFixed(1)}" opacity="${(0.25 + (at % 7) * 0.1).toFixed(2)}"/>`;
}).join("");

const wave = (y, height, id, opacity) =>
  `<path d="M0 ${y} C 160 ${y - height}, 320 ${y + height}, 480 ${y} S 800 ${y - height}, 960 ${y} V 540 H 0 Z" fill="url(#${id})" opacity="${opacity}"/>`;

const greetings = ["hello", "Straße", "Привет", "γειά σου", "שלום", "გამარჯობა"];

/** The picture, as SVG. */
export const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" viewBox="0 0 960 540" font-family="DejaVu Sans">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#0b1033"/><stop offset="0.45" stop-color="#3b1d6e"/>
      <stop offset="0.72" stop-color="#c2407a"/><stop offset="1" stop-color="#ffb35c"/>
    </linearGradient>
    <radialGradient id="sun" cx="0.5" cy="0.5" r="0.5">
      <stop offset="0" stop-color="#fff6d5"/><stop offset="0.35" stop-color="#ffd27a"/><stop offset="1" stop-color="#ff8a5c" stop-opacity="0"/>
    </radialGradient>
    <linearGradient id="title" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="#8be9ff"/><stop offset="0.5" stop-color="#ffffff"/><stop offset="1" stop-color="#ffc6f0"/>
    </linearGradient>
    <linearGradient id="far" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#7b2f8f"/><stop offset="1" stop-color="#d4517f"/></linearGradient>
    <linearGradient id="middle" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#4a1f73"/><stop offset="1" stop-color="#8c2f78"/></linearGradient>
    <linearGradient id="near" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#24104f"/><stop offset="1" stop-color="#0b0726"/></linearGradient>
    <filter id="glow" x="-20%" y="-50%" width="140%" height="200%"><feGaussianBlur stdDeviation="9"/></filter>
    <linearGradient id="down" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#000"/></linearGradient>
    <mask id="fade"><rect width="960" height="300" fill="url(#down)"/></mask>
  </defs>
  <rect width="960" height="540" fill="url(#sky)"/>
  <g fill="#fff" mask="url(#fade)">${stars}</g>
  <circle cx="720" cy="350" r="190" fill="url(#sun)"/>
  ${wave(370, 34, "far", 0.75)}
  ${wave(415, -30, "middle", 0.9)}
  ${wave(458, 24, "near", 1)}
  <text x="72" y="190" font-size="120" font-weight="bold" letter-spacing="-3" fill="#8be9ff" opacity="0.55" filter="url(#glow)">unglue</text>
  <text x="72" y="190" font-size="120" font-weight="bold" letter-spacing="-3" fill="url(#title)">unglue</text>
  <path d="M76 226 H 470" stroke="#b79cff" stroke-width="4" stroke-linecap="round" stroke-dasharray="1 11"/>
  <text x="76" y="276" font-size="27" fill="#f3e9ff">drawn by a <tspan font-weight="bold">.wasm</tspan>, and nothing else</text>
  <text x="480" y="508" font-size="21" fill="#ffe3c2" text-anchor="middle" xml:space="preserve">${greetings.join("   ·   ")}</text>
</svg>`;
