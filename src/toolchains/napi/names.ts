import type { Memory } from "../../public/index.ts";

/** Receives the index in the table of a function that JavaScript will know by a name. */
type Tell = (index: number, name: string) => void;

/**
 * The functions of Node-API that make functions for JavaScript, and where their arguments have the names.
 * Source: js_native_api.h and js_native_api_types.h of Node.
 */
const makers: Readonly<Record<string, (memory: Memory, tell: Tell, args: readonly number[]) => void>> = {
  napi_create_function(memory, tell, [, address = 0, length = 0, callback = 0]) {
    tell(callback, readName(memory, address, length));
  },
  napi_define_class(memory, tell, [, address = 0, length = 0, constructor = 0, , count = 0, properties = 0]) {
    const name = readName(memory, address, length);
    tell(constructor, `new ${name}`);
    readProperties(memory, (index, member) => tell(index, `${name}.${member}`), count, properties);
  },
  napi_define_properties(memory, tell, [, , count = 0, properties = 0]) {
    readProperties(memory, tell, count, properties);
  },
};

/** The size of a `napi_property_descriptor`: eight words. */
const sizeOfDescriptor = 32;
/** The places of its functions: a method, a getter and a setter. */
const functionsAt = [8, 12, 16] as const;
/** The most members that are named. More are not worth the time. */
const mostNamed = 4096;
/** A length that means "up to a zero byte". */
const untilZero = 0xffff_ffff;

/**
 * Finds what reads the names of the functions that a function of Node-API makes; `undefined` for one that makes none.
 *
 * @param name - The function of Node-API.
 * @param memory - Returns the module's memory.
 * @param tell - Receives each index and name.
 */
export function namesReader(
  name: string,
  memory: () => Memory,
  tell: Tell,
): ((args: readonly number[]) => void) | undefined {
  const read = Object.hasOwn(makers, name) ? makers[name] : undefined;
  return (
    read &&
    ((args) => {
      try {
        read(
          memory(),
          tell,
          args.map((one) => one >>> 0),
        );
      } catch {
        // Names serve messages alone: emnapi refuses what is wrong with the arguments.
      }
    })
  );
}

function readProperties(memory: Memory, tell: Tell, count: number, properties: number): void {
  for (let at = 0; at < Math.min(count, mostNamed); at++) {
    const descriptor = properties + at * sizeOfDescriptor;
    const address = memory.view.getUint32(descriptor, true);
    // A property may have a JavaScript value as its name.
    if (address === 0) continue;
    const name = readName(memory, address, untilZero);
    for (const place of functionsAt) {
      const index = memory.view.getUint32(descriptor + place, true);
      if (index !== 0) tell(index, name);
    }
  }
}

function readName(memory: Memory, address: number, length: number): string {
  return length === untilZero ? memory.readString(address) : memory.readString(address, length);
}
