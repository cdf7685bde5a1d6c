/**
 * Returns the minor number of a version of wasm-bindgen.
 *
 * @param version - The version as in the `producers` section: `0.2.92 (2a4a49362)`.
 * @returns `92`; `undefined` for anything that is not such a version.
 */
export function bindgenOf(version: string | undefined): number | undefined {
  const [, minor] = /^0\.2\.(\d+)/.exec(version ?? "") ?? [];
  return minor === undefined ? undefined : Number(minor);
}
