import { disposeKey } from "../../base/dispose-key.ts";
import { define } from "../../base/own.ts";

import type { Arena, Memory } from "../../public/index.ts";
import { bindObject } from "./bound.ts";

/**
 * Makes a memory that does the same as another for as long as a check passes, and so do the arenas that it makes.
 *
 * @param memory - The instance's memory.
 * @param check - Throws when it is over.
 * @param arenas - Holds each arena until it is disposed of.
 */
export function bindMemory(memory: Memory, check: () => void, arenas?: Set<Arena>): Memory {
  const bindArena = (arena: Arena): Arena => {
    arenas?.add(arena);
    const bound = bindObject(arena, check);
    // Disposing of an arena is never too late: it frees what is still there to be freed.
    const dispose = (): void => {
      arenas?.delete(arena);
      arena.dispose();
    };
    for (const name of ["dispose", disposeKey]) {
      define(bound, name, { value: dispose, enumerable: name === "dispose", configurable: true });
    }
    return bound;
  };

  const runInArena = <Result>(body: (arena: Arena) => Result): Result => {
    let made: Arena | undefined;
    const forget = (): void => {
      if (made) arenas?.delete(made);
    };
    let isLater = false;
    try {
      const result = memory.arena((arena) => body(bindArena((made = arena))));
      // Whatever `then` the body returned, the memory has made a promise of it.
      isLater = result instanceof Promise;
      if (isLater) (result as PromiseLike<unknown>).then(forget, forget);
      return result;
    } finally {
      if (!isLater) forget();
    }
  };

  const bound = bindObject(memory, check);
  define(bound, "arena", {
    value: (body?: (arena: Arena) => unknown): unknown => {
      check();
      return body ? runInArena(body) : bindArena(memory.arena());
    },
    enumerable: true,
    configurable: true,
  });
  return bound;
}
