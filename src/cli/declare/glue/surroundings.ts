import type { Node } from "@babel/types";
import type { Glue } from "./evaluation.ts";
import { holeAt } from "./exports.ts";
import { Flow } from "./flow.ts";
import { findGlobalChanges } from "./global-changes.ts";
import type { Hole } from "./model.ts";
import { functionAround } from "./references.ts";
import { runningIn } from "./running.ts";
import { writeTo } from "./writes.ts";

/**
 * Finds what a text does around its generated functions: it changes globals that they use, or calls the module while the text is
 * loaded. What is read of the functions says nothing about either.
 *
 * @param glue - The JavaScript.
 */
export function findSurroundings(glue: Glue): readonly Hole[] {
  const { scopes, references, exports } = glue;
  const runs = runningIn(scopes, references, exports?.scope.node);
  const users = new Set((exports ? references.of(exports) : []).map((one) => functionAround(references, one)));
  const isNear = (node: Node): boolean => users.has(functionAround(references, node));
  const changes = findGlobalChanges(scopes, references, runs, isNear).map(({ subject, node }) =>
    holeAt(glue, node, `${subject}, which may be changed for the whole program,`),
  );
  const calls = findCalls(glue, runs).map((node) => holeAt(glue, node, "a call of the module while it is loaded"));
  return [...changes, ...calls];
}

/** The exports of the module, or one of them, by its name after a dot. */
type State = "exports" | `.${string}`;

/** Finds the calls of the module's exports that run when the text is loaded, other than that which starts it. */
function findCalls({ scopes, references, exports }: Glue, runs: (node: Node) => boolean): readonly Node[] {
  if (!exports) return [];
  const calls = new Set<Node>();
  const ignore = (): void => undefined;
  const flow: Flow<State> = new Flow<State>(scopes, references, {
    member(state, name, at) {
      if (state !== "exports" || name === undefined) return;
      if (at.type === "ObjectProperty") flow.bindProperty(`.${name}`, at);
      else if (!writeTo(references, at)) flow.follow(`.${name}`, at);
    },
    called(state, call) {
      if (state !== "exports" && state !== ".__wbindgen_start" && runs(call)) calls.add(call);
    },
    passed: ignore,
    spread: ignore,
    held: ignore,
    lost: ignore,
  });
  flow.followBinding("exports", exports);
  flow.run();
  return [...calls];
}
