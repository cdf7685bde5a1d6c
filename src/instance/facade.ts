import { disposeKey } from "../base/dispose-key.ts";
import { instanceFacts, preview } from "../base/preview.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { DefaultExports, Instance, Shape } from "../public/index.ts";
import { wayWithoutApi } from "../toolchains/way-in.ts";
import { living, type Lives } from "./life.ts";

/**
 * Makes an instance: the members that users see. Each reads from the current life.
 *
 * @param lives - The lives behind the instance.
 */
export function createFacade(lives: Lives): Instance {
  const { shape, bound } = lives.life;
  const dispose = (): void => {
    lives.dispose();
  };
  const instance: Instance = {
    get exports() {
      const life = living(lives);
      const ready = life.exports("the exports") as DefaultExports;
      life.guard.lookAtEachCall();
      return ready;
    },

    get instance() {
      const life = living(lives);
      const ready = life.engine();
      // The engine's instance exposes the unguarded exports.
      life.guard.lookAtEachCall();
      return ready;
    },

    get guarded() {
      return lives.guarded;
    },

    get api() {
      const { registered } = lives.life;
      if (!bound && registered === undefined) throw noInterface(shape);
      lives.life.exports("the interface");
      return bound ? bound.api : (registered as Instance["api"]);
    },

    get memory() {
      return living(lives).parts.memory;
    },

    get memories() {
      return living(lives).parts.memories;
    },

    get table() {
      const { guard, parts } = living(lives);
      guard.lookAtEachCall();
      return parts.table;
    },

    get tables() {
      const { guard, parts } = living(lives);
      guard.lookAtEachCall();
      return parts.tables;
    },

    get handles() {
      return living(lives).parts.handles;
    },

    get imports() {
      return lives.life.reports;
    },

    get hostError() {
      return lives.life.hostError;
    },

    shape,

    toolchain: shape.toolchain,

    get state() {
      return lives.state;
    },

    get ready() {
      return lives.ready();
    },

    callback: (signature, callback) => living(lives).callback(signature, callback),

    freeCallback: (index) => {
      living(lives).freeCallback(index);
    },

    dispose,
    [disposeKey]: dispose,
  };
  return preview(instance, "Instance", () => instanceFacts(instance));
}

function noInterface(shape: Shape): UnglueError<"no-interface"> {
  return new UnglueError(
    "no-interface",
    `The instance has no \`api\`: none was declared. ${wayWithoutApi(shape) ?? "Pass one: load(source, { api: t.api({ … }) }), or call `guarded` or `exports`."}`,
    {},
  );
}
