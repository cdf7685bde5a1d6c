import { describe } from "../../errors/describe.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { ValueType } from "../../public/index.ts";
import { plainType, type Type } from "./type.ts";

const words: readonly ValueType[] = ["i32"];

/**
 * Makes the type of an object of a declared class, which the module gives away and takes back by its address. Rust's imports
 * neither lend nor borrow such objects. Errors of its values: `no-interface`, `invalid-value`.
 *
 * @param className - The class.
 */
export function givenObject(className: string): Type {
  return {
    ...plainType,
    none: 0,
    words: () => words,
    lift: (runtime, from, at) => {
      const object = runtime.wrapDeclared(className, (from[at] as number) >>> 0);
      if (!object) throw undeclared(className);
      return object;
    },
    lower: (runtime, value, to) => {
      const address = runtime.unwrap(className, value);
      if (address === 0) throw noObject(className, value);
      to.push(address);
    },
  };
}

function undeclared(className: string): UnglueError<"no-interface"> {
  return new UnglueError(
    "no-interface",
    `The module passes an object of its class ${className} to JavaScript, and the option api declares no such class. Without its ` +
      "methods nobody could use the object. Declare the class, with the methods that the receiver calls.",
    {},
  );
}

function noObject(className: string, value: unknown): UnglueError<"invalid-value"> {
  const received = describe(value);
  return new UnglueError(
    "invalid-value",
    `JavaScript gave ${received} where the module declares an object of ${className}. Return such an object, which nothing has ` +
      "freed or given away, from the function that the module calls.",
    { declared: `an object of ${className}`, received },
  );
}
