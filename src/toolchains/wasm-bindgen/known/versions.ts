/**
 * Lists the versions that a table's text stands for, the likeliest first.
 *
 * @param text - `0.3.N-23` for the version that belongs to wasm-bindgen 0.2.N, or a list: `0.2.1-3,0.3.0`.
 * @param bindgen - The minor number of the module's wasm-bindgen.
 * @returns The versions: ordered by distance from the expected one, or the list from its end.
 */
export function versionsOf(text: string, bindgen: number): string[] {
  const [, series, distance] = /^(\d+\.\d+)\.N-(\d+)$/.exec(text) ?? [];
  if (series !== undefined) {
    const patches = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
    const byDistance = patches.sort((a, b) => Math.abs(a - bindgen) - Math.abs(b - bindgen));
    return byDistance
      .map((patch) => `${series}.${patch - Number(distance)}`)
      .filter((version) => !version.includes("-"));
  }
  const versions = text.split(",").flatMap((range) => {
    const [, before = "", from = "", to = from] = /^(.*\.)(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => before + String(Number(from) + index));
  });
  return versions.reverse();
}

/**
 * Returns the series of a version. Cargo puts only one version of each series into a program.
 *
 * @param version - A version.
 * @returns The part that the versions of a series share: `0.3` of `0.3.69`.
 */
export function seriesOf(version: string): string {
  return /^(0\.\d+|\d+)/.exec(version)?.[0] ?? version;
}

/**
 * Whether a version is within a range.
 *
 * @param version - The version.
 * @param range - `0.2.1-0.2.6`, both included; either may be missing.
 */
export function isWithin(version: string, range: string): boolean {
  const [first, last] = range.split("-");
  return !(first && isBefore(version, first)) && !(last && isBefore(last, version));
}

function isBefore(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at >= 0 && (left[at] as number) < (right[at] as number);
}

/** The minor numbers of wasm-bindgen to search, with a few extra for future versions. */
export const oldest = 68;
export const newest = 150;
