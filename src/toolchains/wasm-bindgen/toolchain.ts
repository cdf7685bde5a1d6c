import { plainAllocator } from "../../memory/index.ts";
import { fetchChunk } from "../../platform/chunk.ts";
import {
  exported,
  imported,
  type NameSign,
  ofNumbers,
  ofValues,
  producer,
  section,
  type Toolchain,
  withoutAnything,
  recognised,
} from "../toolchain.ts";
import type { Tables } from "./known/index.ts";
import type { Readings } from "./readings.ts";
import { asksTables } from "./toolchain-names.ts";
import { functionOf } from "../evidence.ts";

/** Descriptions that wasm-bindgen's CLI runs and removes from the module. */
const undescribed: readonly NameSign[] = [
  imported(/\.__wbindgen_describe$/, functionOf(/^i>$/)),
  imported(/\.__wbindgen_describe/, ofNumbers),
  exported(/^__wbindgen_describe/, ofNumbers),
];

/** Fetches the knowledge of imports by name and hash. */
async function fetchTables(): Promise<Tables> {
  const { createTables, fetchPart, knownTable } = await fetchChunk(() => import("./known/index.ts"));
  return createTables([knownTable], fetchPart);
}

/** Fetches what reads a module's bytes for what nobody states. */
async function fetchReadings(): Promise<Readings> {
  return (await fetchChunk(() => import("./readings.ts"))).readings;
}

/** Rust with wasm-bindgen. */
export const wasmBindgen: Toolchain = {
  ...recognised,
  name: "wasm-bindgen",
  signs: [
    [
      producer(/^wasm-bindgen (?<version>\S*)/),
      section(/^__wasm_bindgen_/),
      ...undescribed,
      imported(/\.__wbindgen_throw$/, functionOf(/^[ij]{2}>$/)),
      imported(/\.__wbindgen_object_drop_ref$/, functionOf(/^[ir]>$/)),
      imported(/\.__wbindgen_(string_new|error_new)$/, functionOf(/^[ij]{2}>[ir]$/)),
      imported(/\.__wbindgen_init_externref_table$/, withoutAnything),
      imported(/\.__wbindgen_(wrapped_)?jstag$/, [{ kind: "tag" }]),
      imported(/\.__wb(g|indgen)_/, ofValues),
      exported(/^__wbindgen_malloc(_command_export)?$/, functionOf(/^[ij]{1,2}>[ij]$/)),
      exported(/^__wbindgen_realloc(_command_export)?$/, functionOf(/^[ij]{3,4}>[ij]$/)),
      exported(/^__wbindgen_free(_command_export)?$/, functionOf(/^[ij]{2,3}>$/)),
      exported(/^__wbindgen_exn_store(_command_export)?$/, functionOf(/^[ir]>$/)),
      exported(/^__wbindgen_add_to_stack_pointer(_command_export)?$/, functionOf(/^[ij]>[ij]$/)),
      exported(/^__wbindgen_destroy_closure(_command_export)?$/, functionOf(/^[ij]{2}>$/)),
      // With threads it takes a stack size.
      exported(/^__wbindgen_start(_command_export)?$/, functionOf(/^[ij]?>$/)),
      exported(/^__wbindgen_externrefs$/, [{ kind: "table", type: /extern/ }]),
      exported(/^__wbg_function_table$/, [{ kind: "table", type: /func/ }]),
      // Exports whose own names were stripped: helpers and shims, tables, and in old modules the stack pointer.
      exported(/^__wbindgen_export(_?\d+)?$/, [...ofValues, { kind: "table" }, { kind: "global", type: /^mut [ij]$/ }]),
      exported(/^__wbg_(get|set)_/, functionOf(/^[ij][ijfdr]*>[ijfdr]*$/)),
      exported(/^__wbg_.*_free$/, functionOf(/^[ij]{1,2}>$/)),
      exported(/^__wb(g|indgen)_/, ofValues),
    ],
  ],
  convention: "adapter",
  sections: ["__wasm_bindgen_unstable"],
  describes: /^__wbindgen_(cast|generic)_/,
  advice: [
    {
      code: "unprocessed",
      all: [
        [section(/^__wasm_bindgen_unstable/), imported(/^__wbindgen_externref_xform__\./, ofValues), ...undescribed],
      ],
      none: undefined,
      own: false,
    },
    {
      code: "unsupported-version",
      all: [[producer(/^wasm-bindgen 0\.(?:[01]\.|2\.(?:\d|[1-5]\d|6[0-7])(?!\d))/)]],
      none: undefined,
      own: true,
    },
  ],
  unwinds: /\.__wb(g___wbindgen_|g_wbindgen|indgen_)(re)?throw(_?critical)?(_[\da-f]{16})?$/,
  allocators: [
    {
      ...plainAllocator,
      alloc: "__wbindgen_malloc",
      takes: ["(size)", "(size, align)"],
      free: "__wbindgen_free",
      frees: ["(address)", "(address, size)", "(address, size, align)"],
    },
  ],
  adapter: {
    fetch: async (shape, isInformed, mayHost) => {
      // The adapter knows better which imports need a table, and fetches them itself if this is wrong.
      const coming = !isInformed && asksTables(shape) ? fetchTables() : undefined;
      coming?.catch(() => undefined);
      const [{ createAdapter }, hosting] = await Promise.all([
        fetchChunk(() => import("./index.ts")),
        mayHost ? fetchChunk(() => import("./hosting.ts")) : undefined,
      ]);
      const tables = await coming;
      return createAdapter({
        tables,
        fetch: fetchTables,
        readings: undefined,
        fetchReadings,
        createHosting: hosting?.createHosting,
      });
    },
    serves: /^__wb(g|indgen)_/,
    ownsImports: undefined,
    from: '"unglue/wasm-bindgen"',
    importLine: 'import { wasmBindgen } from "unglue/wasm-bindgen";',
    call: "wasmBindgen()",
  },
};
