/** UTF-8 in plain JavaScript, for engine shells and worklets that have no `TextEncoder` or `TextDecoder`. */
export interface Utf8 {
  /**
   * Encodes text, with U+FFFD for lone surrogates.
   *
   * @param text - The text.
   */
  readonly encode: (text: string) => Uint8Array<ArrayBuffer>;
  /**
   * Decodes bytes and keeps a byte order mark, as `TextDecoder` with `ignoreBOM` does.
   *
   * @param bytes - The bytes, which may be in shared memory.
   * @param fatal - Whether invalid bytes throw; otherwise each maximal part of a character is read as one U+FFFD.
   */
  readonly decode: (bytes: Uint8Array, fatal: boolean) => string;
}

const replacement = 0xfffd;
/** A number of arguments that every engine takes in a call. */
const batch = 4096;

/** UTF-8 as defined by the WHATWG Encoding Standard. */
export const plainUtf8: Utf8 = {
  encode(text) {
    // A UTF-16 unit takes at most three bytes.
    const bytes = new Uint8Array(text.length * 3);
    let size = 0;
    for (let at = 0; at < text.length; at++) {
      let code = text.codePointAt(at) as number;
      if (code > 0xffff) at++;
      else if (code >= 0xd800 && code < 0xe000) code = replacement;
      if (code < 0x80) {
        bytes[size++] = code;
        continue;
      }
      const trailing = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      // The lead byte starts with as many ones as the character has bytes.
      bytes[size++] = ((0x780 >> trailing) & 0xff) | (code >> (6 * trailing));
      for (let left = trailing - 1; left >= 0; left--) bytes[size++] = 0x80 | ((code >> (6 * left)) & 0x3f);
    }
    return bytes.slice(0, size);
  },

  decode(bytes, fatal) {
    let text = "";
    let units: number[] = [];
    for (let at = 0; at < bytes.length;) {
      let code = bytes[at++] as number;
      if (code >= 0x80) {
        const lead = code;
        const trailing = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        // The first trailing byte rules out overlong encodings, surrogates, and code points above U+10FFFF.
        let least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
        let most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
        let left = trailing;
        code = lead & (0x3f >> trailing);
        for (; left > 0; left--, least = 0x80, most = 0xbf) {
          // Past the end this is undefined, which no range contains.
          const byte = bytes[at] as number;
          if (!(byte >= least && byte <= most)) break;
          code = (code << 6) | (byte & 0x3f);
          at++;
        }
        if (trailing === 0 || left > 0) {
          if (fatal) throw new TypeError("The bytes are not valid UTF-8.");
          code = replacement;
        }
      }
      if (code > 0xffff) units.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
      else units.push(code);
      if (units.length > batch || at >= bytes.length) {
        text += String.fromCharCode(...units);
        units = [];
      }
    }
    return text;
  },
};
