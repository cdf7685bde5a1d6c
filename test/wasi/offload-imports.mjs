import { wasi } from "../../dist/wasi-node.js";

const system = wasi({ env: { NAME: "worker" } });

export default (instance) => ({ ...system(instance), env: { between: (value) => value * 3 } });
