import { UnglueError } from "../../errors/unglue-error.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import { expectClass } from "./class-use.ts";
import type { Managed } from "./managed.ts";

/** A longer text has no place in a 32-bit object. */
const longest = (1 << 29) - 1;

const use = {
  text: "string",
  fits: (_: number, id: number, { classes }: { readonly classes: { readonly string: number } }) =>
    id === classes.string,
};

/** A `String`: UTF-16, lone surrogates included. */
export const text: Managed = {
  text: "string",
  resolve: () => undefined,
  make: ({ heap }, value) => {
    const units = value as string;
    const size = units.length * 2;
    if (units.length > longest) throw new UnglueError("engine-limit", tooLong(units.length), { what: "text", size });
    const address = heap.make(size, heap.classes.string);
    if (size > 0) heap.memory.writeString(address, units, size, { encoding: "utf-16" });
    return address;
  },
  read: ({ heap }, address) => {
    const { flags, classId, size } = expectClass(heap, address, use);
    // Strings have been of the class 1, and of 2 since version 0.24.
    if (!flags && classId !== 1 && classId !== 2)
      throw invalidValue(
        "string",
        `an object of the class ${classId}`,
        "so it is no string. Declare what the function returns.",
      );
    return size > 1 ? heap.memory.readString(address, size & ~1, { encoding: "utf-16" }) : "";
  },
  writeBack: undefined,
};

function tooLong(length: number): string {
  return `A text of ${length} UTF-16 units is longer than an AssemblyScript string can be. Pass it in parts of at most ${longest}.`;
}
