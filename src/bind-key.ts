/** Under this key a declared interface has what binds it: a loader that is given none contains no binder. */
export const bindKey: unique symbol = Symbol.for("unglue.bind") as never;
