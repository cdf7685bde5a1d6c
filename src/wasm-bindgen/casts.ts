/**
 * What the casts of 0.2.102 to 0.2.106 convert, by the hash of their type: later ones have a number in its place.
 * An owned text is read as a borrowed one where the version does not tell, which leaks it.
 */
export const castTypes: ReadonlyMap<string, string> = new Map([
  ["2241b6af4c4b2941", "s"],
  ["7e9c58eeb11b0a6f", "s"],
  ["e8a0dcfd3cf01c12", "S"],
  ["d6cd19b81560fd6e", "d"],
  ["9ae0607507abb057", "I"],
  ["4625c577ab2ec9ee", "U"],
  ["cb9088102bce6b30", "&[u8]"],
  ["1cdaf84cdfe0c33d", "&[u8]"],
  ["77bc3e92745e9a35", "[u8]"],
  ["e481686c74984159", "[h]"],
  ["25a0a844437d0e92", "[h]"],
  ["e7b45dd881f38ce3", "u128"],
  ["2ddd8a25ff58642a", "i128"],
]);
