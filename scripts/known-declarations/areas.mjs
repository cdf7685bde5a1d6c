// Which part of the large table an item goes into. A module fetches only the parts with names that it imports.

/** The parts, in the order of their numbers. The first has the names that several areas have. */
export const areas = ["shared", "language", "network", "page", "canvas", "gpu"];

const canvas = /^(WebGl|Canvas|OffscreenCanvas|Image(Bitmap|Data)|Angle|Ext(?!end)|Oes|Path2d|TextMetrics|VideoFrame)/i;
const network =
  /^(Request|Response|Headers|Fetch|WebSocket|Idb|Storage|Cache|Readable|Writable|Transform|ByteLength|CountQ|File|Directory|Blob|Worker|SharedWorker|ServiceWorker|Dedicated|Message|Rtc|Url|FormData|Abort|Crypto|Subtle|EventSource|XmlHttp|Broadcast|Clipboard|Stream|Compression|Decompression|Queuing|Text(De|En)coder|Lock|Navigator|Performance|UnderlyingS|Close|Referrer|DataTransfer|Get)/i;

/**
 * The area of a type: `language` has js-sys and the crates that are not interfaces of the platform.
 *
 * @param {string} crate
 * @param {string} rustClass
 * @returns {string}
 */
export function areaOf(crate, rustClass) {
  if (crate === "wgpu" || rustClass.startsWith("Gpu")) return "gpu";
  if (crate !== "web-sys") return "language";
  if (canvas.test(rustClass)) return "canvas";
  return network.test(rustClass) ? "network" : "page";
}

/**
 * Divides entries by area, so that all items of a name are in one part.
 *
 * @param {readonly import("./table.mjs").Entry[]} entries
 * @returns {readonly (readonly import("./table.mjs").Entry[])[]} By the numbers of the parts.
 */
export function divide(entries) {
  const areaOfEntry = ({ head, type }) => areaOf(head.slice(1).split(" ")[0], /^@(\w*)/.exec(type)[1]);
  // Names are found by their letters in lower case.
  const areasOf = new Map();
  for (const one of entries) {
    const key = one.name.toLowerCase();
    areasOf.set(key, (areasOf.get(key) ?? new Set()).add(areaOfEntry(one)));
  }
  const partOf = (one) => (areasOf.get(one.name.toLowerCase()).size > 1 ? "shared" : areaOfEntry(one));
  return areas.map((area) => entries.filter((one) => one.name !== "" && partOf(one) === area));
}
