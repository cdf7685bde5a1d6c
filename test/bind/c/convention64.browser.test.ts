import { describeConvention } from "./convention-cases.ts";

describeConvention("convention64", true);
