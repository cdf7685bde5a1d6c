import type { Class, Function as FunctionNode } from "@babel/types";
import type { Scope, Scopes } from "../scope.ts";
import type { Registrations } from "./registries.ts";
import { type Callable, type Environment, Unknown, type Value } from "./values.ts";

/** More steps than the functions of generated JavaScript take. */
const mostSteps = 50_000;

/** A program that is interpreted. */
export interface Program {
  readonly scopes: Scopes;
  readonly globals: Map<string, Value>;
  /** The objects that registries of finalizers know. */
  readonly registrations: Registrations;
  /** The variables of each scope that functions are made in. */
  readonly environments: Map<Scope, Environment>;
  readonly makeFunction: (node: FunctionNode, environment: Environment) => Callable;
  readonly makeClass: (node: Class, environment: Environment) => Callable;
  steps: number;
  depth: number;
}

/** Counts a step. */
export function step(program: Program): void {
  if (++program.steps > mostSteps) throw new Unknown();
}
