/*
 * The interface of prqlc 0.13.14, Apache-2.0, for unglue.
 * Read from dist/bundler/prqlc_js_bg.wasm by unglue 0.1.0. Write it again with: npx unglue declare prqlc -o src/prqlc.js
 */

const string = { type: "string" };
const bool = { type: "bool" };

export default {
  format: 1,
  fingerprint: "58bf7b19984d5090",
  api: {
    checked: true,
    members: {
      CompileOptions: {
        member: "class",
        members: {
          new: { member: "constructor", params: [] },
          target: { member: "field", value: string, options: {} },
          format: { member: "field", value: bool, options: {} },
          signature_comment: { member: "field", value: bool, options: {} },
        },
      },
      compile: {
        member: "function",
        params: [
          { type: "param", name: "prql_query", of: string },
          {
            type: "param",
            name: "options",
            of: { type: "optional", item: { type: "owned", class: "CompileOptions" } },
          },
        ],
        result: { type: "optional", item: string },
      },
      get_targets: { member: "function", params: [], result: { type: "list", item: { type: "js" } } },
      pl_to_prql: {
        member: "function",
        params: [{ type: "param", name: "pl_json", of: string }],
        result: { type: "optional", item: string },
      },
      pl_to_rq: {
        member: "function",
        params: [{ type: "param", name: "pl_json", of: string }],
        result: { type: "optional", item: string },
      },
      prql_to_pl: {
        member: "function",
        params: [{ type: "param", name: "prql_query", of: string }],
        result: { type: "optional", item: string },
      },
      rq_to_sql: {
        member: "function",
        params: [{ type: "param", name: "rq_json", of: string }],
        result: { type: "optional", item: string },
      },
    },
  },
  known: {
    toolchain: "wasm-bindgen",
    version: "0.2.114",
    meanings: {
      __wbg_new_227d7c05414eb861: "new Error: ()->H",
      __wbg_stack_3b0d974bbf31e44f: "get .stack: ()->S",
      __wbg_error_a6fa202b58aa1cd3: "console.error: (S)",
    },
    casts: { __wbindgen_cast_0000000000000001: "s" },
    checked: true,
  },
  shape: {
    imports: [
      [
        "./prqlc_js_bg.js",
        ">x:__wbg_new_227d7c05414eb861",
        "ix>:__wbg_stack_3b0d974bbf31e44f",
        "ii>:__wbg_error_a6fa202b58aa1cd3",
        "ii>:__wbg___wbindgen_throw_6ddd609b62940d55",
        ">:__wbindgen_init_externref_table",
        "ii>x:__wbindgen_cast_0000000000000001",
      ],
    ],
    exports: [
      "0m:memory",
      "ii>:__wbg_compileoptions_free",
      "i>i:__wbg_get_compileoptions_format",
      "i>i:__wbg_get_compileoptions_signature_comment",
      "ii>:__wbg_set_compileoptions_format",
      "ii>:__wbg_set_compileoptions_signature_comment",
      "iii>ii:compile",
      ">i:compileoptions_new",
      "iii>:compileoptions_set_target",
      "i>ii:compileoptions_target",
      ">ii:get_targets",
      "ii>ii:pl_to_prql",
      "ii>ii:pl_to_rq",
      "ii>ii:prql_to_pl",
      "ii>ii:rq_to_sql",
      "iii>:__wbindgen_free",
      "ii>i:__wbindgen_malloc",
      "iiii>i:__wbindgen_realloc",
      "1t:__wbindgen_externrefs",
      "ii>:__externref_drop_slice",
      ">:__wbindgen_start",
    ],
    memories: ["29"],
    tables: ["4020 4020 funcref", "1024 externref"],
  },
};
