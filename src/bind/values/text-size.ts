/**
 * Returns the size of a text in UTF-8. A lone surrogate counts as U+FFFD.
 *
 * @param text - The text.
 */
export function textSize(text: string): number {
  const { length } = text;
  let size = length;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    // A surrogate pair takes four bytes.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  return size;
}
