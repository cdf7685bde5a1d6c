import { createContext, runInContext } from "node:vm";
import { describeRealm } from "./realm-cases.ts";

const context = createContext({});

describeRealm((expression, value) => {
  Object.assign(context, { value });
  return runInContext(`(${expression})`, context);
});
