import { describeConvention } from "./convention-cases.ts";

describeConvention("convention", false);
