/** The CRC-32 of a text. */
export function checksum(wasm, text) {
  const { address, length } = wasm.memory.allocString(text);
  try {
    return wasm.exports.crc32(address, length) >>> 0;
  } finally {
    wasm.memory.free(address, length);
  }
}

/** The same, but it forgets to free the text. */
export function leakyChecksum(wasm, text) {
  const { address, length } = wasm.memory.allocString(text);
  return wasm.exports.crc32(address, length) >>> 0;
}
