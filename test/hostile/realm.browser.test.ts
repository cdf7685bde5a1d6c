import { describeRealm } from "./realm-cases.ts";

const frame = document.body.appendChild(document.createElement("iframe")).contentWindow as Window & {
  Function: FunctionConstructor;
};

describeRealm((expression, value) => {
  const body = new frame.Function("value", `return (${expression});`) as (value: unknown) => unknown;
  return body(value);
});
