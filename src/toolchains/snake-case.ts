/**
 * Converts a name to lower case with underscores between its words: `parseHTMLText` to `parse_html_text`.
 *
 * @param name - The name in JavaScript's spelling.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
