import type { Node, UpdateExpression } from "@babel/types";
import type { Evaluation } from "./evaluation.ts";
import type { ModuleCall } from "./module-call.ts";

/** Records a step of the stack of handles. */
export function moveStack({ stackMoves, effects, guards }: Evaluation, node: UpdateExpression): void {
  const isPush = node.prefix && node.operator === "--";
  const isPop = !node.prefix && node.operator === "++";
  stackMoves.push({ kind: isPush ? "push" : isPop ? "pop" : "other", at: effects.length, guards, node });
}

/**
 * Finds a step of the stack of handles that is not taken back as generated JavaScript does: a value that is lent stays for the
 * call, and its place is free after it, whatever happens. A stack that only grows is full one day.
 *
 * @param evaluation - The evaluation of a function.
 * @param call - Its call of the module.
 */
export function unbalancedStack({ stackMoves }: Evaluation, call: ModuleCall): Node | undefined {
  const pushes = stackMoves.filter(({ kind }) => kind === "push");
  const pops = stackMoves.filter(({ kind }) => kind === "pop");
  const wrong = stackMoves.find(
    ({ kind, at, guards }) =>
      kind === "other" ||
      (kind === "pop" && (at <= call.at || guards.some((one) => !call.effect.guards.includes(one)))) ||
      (kind === "push" && at > call.at),
  );
  return wrong?.node ?? (pushes.length === pops.length ? undefined : call.effect.node);
}
