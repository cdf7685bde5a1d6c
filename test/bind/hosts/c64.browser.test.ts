import { describeHosts } from "./c-cases.ts";

describeHosts("hosts64", true);
