import { explain } from "../../src/errors/messages/index.ts";
import * as reflect from "../../src/reflect/index.ts";

/** A function whose failures are put into words, as all that a user calls has them. */
function worded<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (failure) {
      throw explain(failure);
    }
  };
}

export const inspect = worded(reflect.inspect);
export const readHead = worded(reflect.readHead);
export const readModule = worded(reflect.readModule);
