// The crates whose declarations the tables have, and which of them go into the table that is always fetched.

/** The versions of these follow those of wasm-bindgen, 0.2.N, with a patch number that is smaller by `behind`. */
export const family = [
  { name: "js-sys", series: "0.3", behind: 23 },
  { name: "wasm-bindgen", series: "0.2", behind: 0 },
  { name: "wasm-bindgen-futures", series: "0.4", behind: 50 },
  { name: "web-sys", series: "0.3", behind: 23, paths: true },
];

/** The oldest wasm-bindgen that the tables know. */
export const oldestBindgen = 68;

/** Other crates, and the first of their versions that matters. */
export const others = [
  { name: "getrandom", since: "0.1.0", table: "known" },
  { name: "console_error_panic_hook", since: "0.1.6", table: "known" },
  { name: "serde-wasm-bindgen", since: "0.1.0", table: "known" },
  { name: "gloo-timers", since: "0.2.0", table: "known" },
  { name: "gloo-net", since: "0.1.0", table: "known" },
  { name: "web-time", since: "0.1.0", table: "known" },
  { name: "instant", since: "0.1.6", table: "known" },
  { name: "wasmtimer", since: "0.0.1", table: "known" },
  { name: "tracing-wasm", since: "0.1.0", table: "known" },
  { name: "uuid", since: "0.8.0", table: "known" },
  { name: "reqwest", since: "0.11.0", table: "known" },
  { name: "wasm-tracing", since: "1.0.0", table: "web" },
  { name: "wasm-bindgen-test", since: "0.3.18", table: "web" },
  { name: "worker-sys", since: "0.0.1", table: "rest" },
  { name: "tracing-web", since: "0.1.0", table: "web" },
  { name: "gloo-console", since: "0.2.0", table: "web" },
  { name: "wasm-streams", since: "0.1.0", table: "web" },
  { name: "indexed_db_futures", since: "0.1.0", table: "web" },
  { name: "winit", since: "0.22.0", table: "web" },
  { name: "eframe", since: "0.15.0", table: "web" },
  { name: "wgpu", since: "0.19.0", table: "web" },
];

/**
 * The items of js-sys and web-sys that are always fetched, by type: names in Rust, or all. `""` is for what is free, `instanceof` for
 * checks. Chosen by how often the modules in npm packages import them.
 */
export const core = {
  "js-sys": {
    "": "apply copy_to_slice define_property delete_property get get_symbol has is own_keys parse queueMicrotask random set stringify",
    Array:
      "new get get_unchecked set is_array length new_with_length from for_each of1 of2 of3 of4 push values entries",
    ArrayBuffer: "new byte_length",
    BigInt: "to_string_unchecked new_bigint_unchecked",
    Date: "get_time get_timezone_offset new new_0 now get_full_year",
    Error: "new message name set_name to_string stack",
    Float32Array: "new_with_length length set copy_from_slice",
    Function: "call0 call1 call2 call3 apply bind2 new_no_args new_with_args",
    Global: "hasQueueMicrotask get_global_this get_self get_window get_global",
    Int32Array: "new",
    Iterator: "next",
    IteratorNext: "*",
    JsString: "length",
    MaybeIterator: "next",
    Map: "new set get entries",
    Memory: "buffer",
    Number: "is_safe_integer",
    Object: "entries new freeze is keys to_string define_property from_entries values assign",
    Promise: "new new_typed resolve reject catch then then_with_reject then_map then2",
    RangeError: "new",
    Set: "new add",
    String: "from_code_point1",
    Symbol: "iterator for_",
    TypeError: "new",
    Uint8Array:
      "new length new_with_length new_from_slice new_with_byte_offset_and_length buffer subarray byte_length byte_offset set get_index copy_from_slice slice",
    global: "*",
    globalThis: "*",
    self: "*",
    window: "*",
    accessor: "GLOBAL_THIS SELF WINDOW GLOBAL",
    instanceof: "Array ArrayBuffer Date Error Function Map Object Promise Uint8Array Global Memory",
  },
  "web-sys": {
    "": "debug_1 error_1 info_1 log_1 warn_1 debug_4 error_4 info_4 log_4 warn_4 error_2 log_2",
    AbortController: "signal new abort abort_with_reason",
    AbortSignal: "aborted",
    Crypto: "get_random_values_with_u8_array get_random_values_with_array_buffer_view",
    Headers: "new append set get entries",
    MessageEvent: "data",
    Performance: "now",
    Request: "headers new_with_str_and_init new_with_str",
    RequestInit: "set_body set_cache set_credentials set_headers set_method set_mode set_signal set_redirect",
    Response: "url status status_text ok headers body array_buffer text",
    Storage: "get_item set_item remove_item",
    Window:
      "navigator document performance crypto location local_storage session_storage fetch_with_request fetch_with_str set_timeout_with_callback_and_timeout_and_arguments_0 clear_timeout_with_handle",
    WorkerGlobalScope: "navigator performance crypto fetch_with_request",
    instanceof: "Response Window WorkerGlobalScope",
  },
};
