import { describeHosts } from "./c-cases.ts";

describeHosts("hosts", false);
