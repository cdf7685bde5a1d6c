import { describeBuffers } from "./shapes-cases.ts";

describeBuffers("shapes", false);
