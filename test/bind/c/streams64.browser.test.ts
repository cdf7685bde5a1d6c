import { describeStreams } from "./streams-cases.ts";

describeStreams("shapes64", true);
