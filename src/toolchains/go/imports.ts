import { bytesOf, arrayClassOf } from "../../base/buffers.ts";
import { messageOf } from "../../errors/caught.ts";
import { describe } from "../../errors/describe.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ImportFunction } from "../../public/index.ts";
import { fillRandom } from "../wasi/random.ts";
import type { Life } from "./life.ts";
import { encodeText } from "../wasi/text.ts";

/** A value that Go calls: the engine refuses one that is no function. */
type GoCallable = (...args: readonly unknown[]) => unknown;

/** Functions for the imports of a program, by their names. */
export type GoImports = ReadonlyMap<string, ImportFunction>;

/**
 * Makes the imports of one life. Each takes the address of its frame on Go's stack: the arguments follow in slots of eight
 * bytes from the first on, and then the results.
 *
 * @param life - The life.
 * @param write - Writes to a standard stream before this returns: what Go prints when it fails.
 */
export function createImports(life: Life, write: (descriptor: number, bytes: Uint8Array) => void): GoImports {
  const { memory } = life;
  const onFrame =
    (body: (frame: number) => void): ImportFunction =>
    (frame: number) =>
      body(frame >>> 0);
  const int32 = (address: number): number => memory.view(address, 4).getInt32(address, true);
  const setInt32 = (address: number, value: number): void => memory.view(address, 4).setInt32(address, value, true);
  const runtime: Record<string, ImportFunction> = {
    wasmExit: onFrame((frame) => life.exit(int32(frame + 8))),
    wasmWrite: onFrame((frame) => {
      const bytes = memory.bytes(memory.integer(frame + 16), int32(frame + 24));
      write(memory.integer(frame + 8), bytes.slice());
    }),
    // Each access looks for itself.
    resetMemoryDataView: () => undefined,
    nanotime1: onFrame((frame) => memory.view(frame + 8, 8).setBigInt64(frame + 8, life.now(), true)),
    walltime: onFrame((frame) => {
      const time = Date.now();
      memory.setInteger(frame + 8, Math.floor(time / 1000));
      setInt32(frame + 16, (time % 1000) * 1_000_000);
    }),
    scheduleTimeoutEvent: onFrame((frame) => setInt32(frame + 16, life.schedule(memory.integer(frame + 8)))),
    clearTimeoutEvent: onFrame((frame) => life.clear(int32(frame + 8))),
    getRandomData: onFrame((frame) => fillRandom(memory.slice(frame + 8))),
  };
  return new Map<string, ImportFunction>([
    ...Object.entries(runtime).map(([name, value]) => [`runtime.${name}`, value] as const),
    ...Object.entries(valueImports(life, onFrame)).map(([name, value]) => [`syscall/js.${name}`, value] as const),
    // For those who change Go's own assembly.
    ["debug", (value: number) => console.log(value)],
  ]);
}

/** Makes the imports by which a program works with JavaScript values. */
function valueImports(
  life: Life,
  onFrame: (body: (frame: number) => void) => ImportFunction,
): Record<string, ImportFunction> {
  const { memory, references, globals } = life;
  const setByte = (address: number, value: boolean): void => memory.view(address, 1).setUint8(address, value ? 1 : 0);

  /** Runs JavaScript whose error Go receives, with a result at an offset. */
  const attempt = (offset: number, body: () => unknown): void => {
    let [result, hasWorked]: [unknown, boolean] = [undefined, true];
    try {
      result = body();
    } catch (error) {
      [result, hasWorked] = [error, false];
    }
    life.refuseEnded();
    const frame = life.frame();
    references.store(frame + offset, result);
    setByte(frame + offset + 8, hasWorked);
  };

  /** Runs JavaScript whose error Go has no way to receive. */
  const insist = <Value>(intent: () => string, body: () => Value): Value => {
    try {
      return body();
    } catch (error) {
      life.refuseEnded();
      life.fail(hostThrew(life.entrance, intent(), error), true);
      return undefined as Value;
    } finally {
      // It may have called the program, which may have ended; the error is thrown here, too.
      life.refuseEnded();
    }
  };

  const argumentsAt = (address: number): unknown[] => {
    const args = references.loadAll(address);
    life.expose(...args);
    return args;
  };

  /** Copies bytes between Go and an array, with the answer at an offset. */
  const copy = (frame: number, offset: number, array: unknown, go: Uint8Array, toGo: boolean): void => {
    const bytes = /^Uint8(Clamped)?Array$/.test(arrayClassOf(array) ?? "") ? bytesOf(array) : undefined;
    setByte(frame + offset + 8, bytes !== undefined);
    if (!bytes) return;
    const [from, to] = toGo ? [bytes, go] : [go, bytes];
    const part = from.subarray(0, to.length);
    to.set(part);
    memory.setInteger(frame + offset, part.length);
  };

  return {
    finalizeRef: onFrame((frame) => references.release(memory.view(frame + 8, 4).getUint32(frame + 8, true))),
    stringVal: onFrame((frame) => references.store(frame + 24, memory.text(frame + 8))),
    valueGet: onFrame((frame) => {
      const [value, name] = [references.load(frame + 8), memory.text(frame + 16)];
      const result: unknown = insist(
        () => `reads the property ${describe(name)}`,
        (): unknown => Reflect.get(value as object, name),
      );
      references.store(life.frame() + 32, result);
    }),
    valueSet: onFrame((frame) => {
      const [value, name, member] = [references.load(frame + 8), memory.text(frame + 16), references.load(frame + 32)];
      life.expose(member);
      insist(
        () => `sets the property ${describe(name)}`,
        () => Reflect.set(value as object, name, member),
      );
    }),
    valueDelete: onFrame((frame) => {
      const [value, name] = [references.load(frame + 8), memory.text(frame + 16)];
      insist(
        () => `deletes the property ${describe(name)}`,
        () => Reflect.deleteProperty(value as object, name),
      );
    }),
    valueIndex: onFrame((frame) => {
      const [value, index] = [references.load(frame + 8), memory.integer(frame + 16)];
      const result: unknown = insist(
        () => `reads the element ${index}`,
        (): unknown => Reflect.get(value as object, index),
      );
      references.store(life.frame() + 24, result);
    }),
    valueSetIndex: onFrame((frame) => {
      const [value, index, member] = [
        references.load(frame + 8),
        memory.integer(frame + 16),
        references.load(frame + 24),
      ];
      life.expose(member);
      insist(
        () => `sets the element ${index}`,
        () => Reflect.set(value as object, index, member),
      );
    }),
    valueCall: onFrame((frame) => {
      const [value, name] = [references.load(frame + 8), memory.text(frame + 16)];
      life.expose(value);
      attempt(56, () => {
        const method = Reflect.get(value as object, name) as GoCallable;
        const args = references.loadAll(life.frame() + 32);
        life.exposeTo(method, args);
        return Reflect.apply(method, globals.receiverOf(value, name), args);
      });
    }),
    valueInvoke: onFrame((frame) => {
      const [value, args] = [references.load(frame + 8), argumentsAt(frame + 16)];
      attempt(40, (): unknown => Reflect.apply(value as GoCallable, undefined, args));
    }),
    valueNew: onFrame((frame) => {
      const [value, args] = [references.load(frame + 8), argumentsAt(frame + 16)];
      attempt(40, (): unknown => Reflect.construct(value as GoCallable, args));
    }),
    valueLength: onFrame((frame) => {
      const value = references.load(frame + 8);
      const length = insist(
        () => "reads a length",
        () => Number.parseInt(String((value as { readonly length: unknown }).length)),
      );
      memory.setInteger(life.frame() + 16, length);
    }),
    valuePrepareString: onFrame((frame) => {
      const value = references.load(frame + 8);
      const text = insist(
        () => "asks for the text of a value",
        () => encodeText(String(value)),
      );
      const at = life.frame();
      references.store(at + 16, text);
      memory.setInteger(at + 24, text.length);
    }),
    valueLoadString: onFrame((frame) => {
      const [text, place] = [bytesOf(references.load(frame + 8)), memory.slice(frame + 16)];
      if (text) place.set(text.subarray(0, place.length));
    }),
    valueInstanceOf: onFrame((frame) => {
      const [value, type] = [references.load(frame + 8), references.load(frame + 16)];
      const isInstance = insist(
        () => "asks whether a value is an instance of another",
        () => value instanceof (type as new () => unknown),
      );
      setByte(life.frame() + 24, isInstance);
    }),
    copyBytesToGo: onFrame((frame) => copy(frame, 40, references.load(frame + 32), memory.slice(frame + 8), true)),
    copyBytesToJS: onFrame((frame) => copy(frame, 40, references.load(frame + 8), memory.slice(frame + 16), false)),
  };
}

/** Makes the error of JavaScript that threw where Go expects a value. */
function hostThrew(entrance: string, intent: string, cause: unknown): UnglueError<"host-threw"> {
  return new UnglueError(
    "host-threw",
    `The Go program ${intent}, and that threw: ${messageOf(cause)}. Go cannot receive an error there, so the program has ended. ` +
      "Let it call a function that throws instead (Value.Call): Go recovers from that.",
    { export: entrance },
    { cause },
  );
}
