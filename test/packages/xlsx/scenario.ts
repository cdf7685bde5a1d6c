import type * as package_ from "wasm-xlsxwriter/web";
import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The exports of wasm-xlsxwriter. */
export type Xlsx = typeof package_;

/** A picture of one pixel. */
const pixel = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (char) => char.charCodeAt(0),
);

/** The files in an archive, with the checksum of each; one has the time at which it was written. */
function contents(archive: Uint8Array) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  const files: [name: string, checksum: number, size: number][] = [];
  for (let at = view.getUint32(end + 16, true); at < end;) {
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + length));
    if (name !== "docProps/core.xml") files.push([name, view.getUint32(at + 16, true), view.getUint32(at + 24, true)]);
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

interface Freed {
  free(): void;
}

/** Writes a book with all kinds of cells, and frees everything that the calls leave to their caller. */
function book(xlsx: Xlsx, save = true) {
  const owned: Freed[] = [];
  const own = <Value extends Freed>(value: Value): Value => {
    owned.push(value);
    return value;
  };
  const workbook = own(new xlsx.Workbook());
  const sheet = own(workbook.addWorksheet());
  own(sheet.setName("Blätter 日本"));
  const bold = own(own(new xlsx.Format()).setBold());
  const red = own(own(own(new xlsx.Format()).setFontColor(xlsx.Color.rgb(0xff0000))).setAlign(xlsx.FormatAlign.Center));
  const values = ["Grüße 🚀", 1.5, true, undefined, -0, new Date(Date.UTC(2020, 1, 29)), ""];
  for (const [at, value] of values.entries()) own(sheet.write(at, 0, value));
  own(sheet.write(0, 1, own(new xlsx.Formula("=SUM(A1:A9)"))));
  own(sheet.write(1, 1, own(new xlsx.Url("https://example.org/é"))));
  own(sheet.writeWithFormat(2, 1, "red", red));
  own(sheet.writeStringWithFormat(3, 1, "bold", bold));
  own(sheet.writeNumber(4, 1, Number.MAX_SAFE_INTEGER));
  own(sheet.writeColumn(0, 2, ["a", 1, false]));
  own(sheet.writeRow(9, 0, ["b", 2, true]));
  own(sheet.mergeRange(11, 0, 11, 3, "merged", bold));
  own(sheet.setColumnWidth(0, 22.5));
  const note = own(own(new xlsx.Note("a note")).setAuthor("É"));
  own(sheet.insertNote(0, 0, note));
  const image = own(own(new xlsx.Image(pixel)).setAltText("dot"));
  own(sheet.insertImage(12, 0, image));
  const chart = own(xlsx.Chart.newColumn());
  const series = own(new xlsx.ChartSeries());
  own(series.setValues(own(xlsx.ChartRange.newFromRange("Blätter 日本", 0, 0, 2, 0))));
  own(chart.pushSeries(series));
  own(sheet.insertChart(14, 0, chart));
  const rich = own(own(own(new xlsx.RichString()).append(bold, "bold ")).append(red, "red"));
  own(sheet.writeRichString(5, 1, rich));
  const name = sheet.name();
  const saved = save ? contents(workbook.saveToBufferSync()) : [];
  // Some calls pass their object on: then it is gone already, and both refuse to free it again.
  for (const one of owned.reverse()) outcome(() => one.free());
  return { name, saved };
}

/** The scenario of wasm-xlsxwriter, whose objects are passed on from call to call. */
export const xlsxScenario: Scenario<Xlsx, undefined> = {
  "writes a book with cells, formats, pictures and charts": (xlsx) => book(xlsx),

  "writes an empty book, and tells its sheets": ({ Workbook }) => {
    const workbook = new Workbook();
    const sheets = [workbook.addWorksheet(), workbook.addWorksheet()];
    const names = sheets.map((sheet) => sheet.name());
    const again = outcome(() => workbook.worksheetFromName("Sheet2").name());
    const missing = outcome(() => workbook.worksheetFromName("nowhere 日本").name());
    const saved = contents(workbook.saveToBufferSync());
    for (const one of [...sheets, workbook]) one.free();
    return [names, again, missing, saved];
  },

  "throws for what a sheet cannot hold": ({ Workbook, Color, Image, ChartRange, ExcelDateTime }) => {
    const workbook = new Workbook();
    const sheet = workbook.addWorksheet();
    const results = [
      outcome(() => sheet.writeNumber(1_048_576, 0, 1).name()),
      outcome(() => sheet.writeString(0, 0, "x".repeat(40_000)).name()),
      outcome(() => sheet.setName("a/b").name()),
      outcome(() => sheet.setName("").name()),
      outcome(() => typeof Color.parse("日本")),
      outcome(() => typeof new Image(new Uint8Array(100))),
      outcome(() => typeof ChartRange.newFromString("nonsense")),
      outcome(() => ExcelDateTime.fromYMD(2020, 13, 40).toExcel()),
      outcome(() => ExcelDateTime.parseFromStr("2020-02-29 12:30").toExcel()),
      outcome(() => ExcelDateTime.fromTimestamp(1_600_000_000n).toExcel()),
      outcome(() => sheet.write(0, 0, Symbol("s") as never).name()),
      outcome(() => sheet.write(0, 0, { no: "cell" } as never).name()),
      outcome(() => sheet.writeColumn(0, 0, [1, { no: "cell" } as never]).name()),
      contents(workbook.saveToBufferSync()),
    ];
    for (const one of [sheet, workbook]) one.free();
    return results;
  },
};

/** Objects by the dozen, lent, consumed and returned. To save a book takes most of its time, so only one in ten is saved. */
export const xlsxRounds: Rounds<Xlsx, undefined> = {
  start: (xlsx) => {
    let at = 0;
    return () => {
      book(xlsx, at % 10 === 0);
      at += 1;
    };
  },
};
