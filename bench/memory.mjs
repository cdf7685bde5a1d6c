/* global gc, WebAssembly -- in Node, started with --expose-gc */
// Memory per instance: bytes of JavaScript's heap for each of many that are alive. In Node alone.
import { memoryUsage } from "node:process";
import { benchModule } from "./modules.mjs";

const count = 1000;

/**
 * Makes many instances of a module and weighs what each keeps.
 *
 * @param {typeof import("../dist/node.js")} library - The library.
 * @returns {AsyncGenerator<{ title: string, results: { name: string, bytes: number }[] }>} Bytes for one instance.
 */
export async function* weighInstances(library) {
  const { t } = library;
  const prqlc = t.api({ CompileOptions: t.class({ new: t.ctor([]), target: t.field(t.string) }) });
  for (const [name, options] of [
    ["10 imports", {}],
    ["100 imports", {}],
    ["prqlc", { api: prqlc }],
  ]) {
    const module = await library.compile(await benchModule(name));
    const imports = {};
    for (const one of WebAssembly.Module.imports(module.raw)) (imports[one.module] ??= {})[one.name] = () => 0;
    yield {
      title: `instance, ${name}`,
      results: [
        { name: "new Instance", bytes: weigh(() => new WebAssembly.Instance(module.raw, imports)) },
        { name: "instantiateSync", bytes: weigh(() => module.instantiateSync(options)) },
        {
          name: 'instantiateSync, onTrap: "restart"',
          bytes: weigh(() => module.instantiateSync({ ...options, onTrap: "restart" })),
        },
      ],
    };
  }
}

function weigh(make) {
  make();
  const kept = [];
  gc();
  const before = memoryUsage().heapUsed;
  for (let at = 0; at < count; at += 1) kept.push(make());
  gc();
  return (memoryUsage().heapUsed - before) / kept.length;
}
