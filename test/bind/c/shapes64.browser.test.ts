import { describeBuffers } from "./shapes-cases.ts";

describeBuffers("shapes64", true);
