import { describeStructs } from "./structs-cases.ts";

describeStructs("shapes64");
