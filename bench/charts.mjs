// The charts of docs/performance.md, drawn by Vega-Lite as SVG.
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { majorOf } from "./results.mjs";

/** One gray that reads on white and on black, as the pages have both. */
const ink = "#7d8590";
const colors = ["#2f81f7", "#8957e5", "#d29922"];

/**
 * Draws the charts.
 *
 * @param {import("./results.mjs").Results} results - What was measured.
 * @returns {Promise<Record<string, string>>} SVG by the name of the chart.
 */
export async function drawCharts(results) {
  const ratios = (title, rows) => draw(ratioChart(title, results, rows));
  return {
    loading: await ratios("Time to load, relative to the bare engine", [
      ["5 MB over HTTP", "load 5 MB, application/wasm", "load"],
      ["770 kB over HTTP", "load 770 kB, application/wasm", "load"],
      ["48 kB over HTTP", "load 48 kB, application/wasm", "load"],
      ["3 kB over HTTP", "load 3 kB, application/wasm", "load"],
      ["5 MB from bytes", "load 5 MB from bytes", "load"],
      ["new instance, 16 MiB", "instance with a memory of 16 MiB", "instantiateSync"],
      ["new instance, 100 stubs", "instance with 100 imports, stubbed", "instantiateSync"],
    ]),
    calls: await ratios("Time of a call, relative to wasm-bindgen's JavaScript", [
      ["number out", "method: number out", "api"],
      ["number in", "method: number in", "api"],
      ["object made and freed", "new object, freed", "api"],
      ["text in, 16 characters", "method: text of 16 ASCII characters in", "api"],
      ["text in, 256 characters", "method: text of 256 ASCII characters in", "api"],
      ["text in, 4096 characters", "method: text of 4096 ASCII characters in", "api"],
      ["text out, 16 characters", "method: text of 16 ASCII characters out", "api"],
      ["text out, 256 characters", "method: text of 256 ASCII characters out", "api"],
      ["text out, 4096 characters", "method: text of 4096 ASCII characters out", "api"],
    ]),
  };
}

function ratioChart(title, { races }, rows) {
  const values = rows.flatMap(([label, title, contender]) =>
    races.flatMap(({ runtime, rows }) => {
      const row = rows.find((one) => one.title === title);
      const ratio = row?.results.find(({ name }) => name === contender)?.ratio;
      return ratio ? [{ label, runtime: majorOf(runtime), ...ratio }] : [];
    }),
  );
  const runtimes = races.map(({ runtime }) => majorOf(runtime));
  const y = { field: "label", type: "nominal", sort: null, title: null, axis: { grid: true, labelLimit: 220 } };
  const yOffset = { field: "runtime", sort: runtimes };
  const color = {
    field: "runtime",
    type: "nominal",
    sort: runtimes,
    scale: { domain: runtimes, range: colors },
    legend: { orient: "bottom", title: null, symbolOpacity: 1, symbolStrokeColor: "transparent" },
  };
  const x = {
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 8 },
    title: "× (log scale; left of 1 is faster)",
  };
  const axis = { values: [0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 5, 10], format: "~g" };
  return {
    title: { text: title, anchor: "start", color: ink },
    width: 460,
    height: { step: 11 },
    background: "transparent",
    data: { values },
    layer: [
      { mark: { type: "rule", color: ink, strokeDash: [4, 3] }, encoding: { x: { datum: 1, type: "quantitative" } } },
      {
        mark: { type: "rule", strokeWidth: 2, opacity: 0.5 },
        encoding: { y, yOffset, color, x: { ...x, axis, field: "low" }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 45, opacity: 1 },
        encoding: { y, yOffset, color, x: { ...x, axis, field: "median" } },
      },
    ],
    config: {
      font: "system-ui, sans-serif",
      axis: { labelColor: ink, titleColor: ink, tickColor: ink, domainColor: ink, gridColor: ink, gridOpacity: 0.2 },
      legend: { labelColor: ink },
      view: { stroke: null },
    },
  };
}

async function draw(chart) {
  const view = new View(parse(compile(chart).spec), { renderer: "none" });
  return `${await view.toSVG()}\n`;
}
