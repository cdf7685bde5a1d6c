/**
 * Returns the id of a module of the plugin.
 *
 * @param prefix - What the bundler has in front of the ids of modules that are no files.
 * @param path - The file that the import names.
 */
export function idOf(prefix: string, path: string): string {
  // The path in letters and digits, since each bundler has its own signs for queries, and a name for chunks.
  const name = (/[^\\/]*$/.exec(path)?.[0] ?? "").replaceAll(/[^\w-]+/g, "_");
  return `${prefix}unglue:${Buffer.from(path).toString("base64url")}/${name}.js`;
}

/**
 * Returns the file that an import of a module of the plugin named.
 *
 * @param id - The module's id.
 */
export function pathIn(id: string): string {
  return Buffer.from(id.replace(/^\0?unglue:/, "").replace(/\/.*$/s, ""), "base64url").toString();
}
