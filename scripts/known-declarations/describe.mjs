// From what the extractor prints of an item to what a table says of it.

/**
 * Tokens without the spaces that Rust does not need.
 *
 * @param {string} source
 * @returns {string}
 */
export function tight(source) {
  const tokens = source.match(/->|::|"[^"]*"|'?[\w#]+|\S/g) ?? [];
  return tokens.reduce((text, token) => text + (/\w$/.test(text) && /^['\w]/.test(token) ? " " : "") + token, "");
}

/**
 * The parts of a list, split at commas outside of brackets.
 *
 * @param {string} list
 * @returns {string[]}
 */
export function split(list) {
  const parts = [""];
  let depth = 0;
  for (const [token] of list.matchAll(/->|./g)) {
    if (/[<([]/.test(token)) depth++;
    if (/^[>)\]]/.test(token)) depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts.push(parts.pop() + token);
  }
  return parts;
}

/** Returns the contents of the brackets at the beginning of a text. */
function bracketed(text, bracket) {
  if (!text.startsWith(bracket)) return "";
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/->|./g)) {
    if (/^[<([]/.test(token)) depth++;
    else if (/^[>)\]]/.test(token)) depth--;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return "";
}

const plainName = (ident) => ident.replace(/^r#/, "");
const lastOfPath = (type) => plainName(type.replace(/<.*/, "").split("::").pop().trim());

/**
 * Describes an item as wasm-bindgen's macro expands it.
 *
 * @param {object} item - From the extractor: a function or a static.
 * @returns {object | undefined} Undefined for what no table holds: snippets, modules, asynchronous functions.
 */
export function describe(item) {
  const options = { ...item.block, ...item.options };
  if (
    options.module !== undefined ||
    options.inline_js !== undefined ||
    (options.thread_local !== undefined && item.item !== "static")
  )
    return undefined;
  const own = item.options;
  const namespace = [options.js_namespace ?? []].flat().filter((part) => part !== true);
  const common = { namespace, module: options.raw_module ?? "", cfg: item.ownCfg };
  if (item.item === "type") {
    const js = own.js_name ?? plainName(item.ident);
    return {
      ...common,
      kind: "instanceof",
      ident: item.ident,
      rustClass: plainName(item.ident),
      jsClass: js,
      namespace: [own.js_namespace ?? []].flat(),
    };
  }
  if (item.item === "static") {
    return {
      ...common,
      kind: "accessor",
      ident: item.ident,
      rustClass: "",
      jsClass: "",
      name: own.js_name ?? plainName(item.ident),
      result: tight(item.type),
    };
  }

  const signature = tight(item.signature);
  if (!signature.startsWith("fn ")) return undefined;
  const head = `fn ${item.ident}`;
  const generics = bracketed(signature.slice(head.length), "<");
  const list = bracketed(signature.slice(head.length + generics.length), "(");
  const result = signature.slice(head.length + generics.length + list.length).replace(/^->/, "");
  const parts = split(list.slice(1, -1));
  const comma = parts.length > 1 && parts.at(-1) === "";
  const params = parts.filter(Boolean);
  const receiver = own.method === true;
  const property = own.getter !== undefined ? "getter" : own.setter !== undefined ? "setter" : undefined;
  const value = own.catch
    ? split(/^[\w:]*<(.*)>/.exec(result.replace(/ where .*/, ""))?.[1] ?? "")[0]
    : result.replace(/ where .*/, "");
  const rustClass = receiver
    ? lastOfPath(params[0].replace(/^\w+:&/, ""))
    : own.static_method_of
      ? lastOfPath(own.static_method_of)
      : own.constructor === true
        ? lastOfPath(value)
        : "";
  const importName =
    own.js_name !== undefined ? (property === "setter" ? "set_" : "") + own.js_name : plainName(item.ident);
  const kind = own.indexing_getter
    ? "index-getter"
    : own.indexing_setter
      ? "index-setter"
      : own.indexing_deleter
        ? "index-deleter"
        : own.constructor === true
          ? "constructor"
          : property
            ? (receiver ? "" : "static-") + property
            : receiver
              ? "method"
              : rustClass
                ? "static"
                : common.module
                  ? "intrinsic"
                  : "function";
  const explicit = typeof own[property] === "string" ? own[property] : undefined;
  const name = explicit ?? (property === "setter" ? importName.replace(/^set_/, "") : importName);
  return {
    ...common,
    kind,
    ident: item.ident,
    rustClass,
    jsClass: rustClass && (own.js_class ?? rustClass),
    name,
    importName,
    explicit: explicit !== undefined,
    generics,
    receiver,
    first: receiver ? params[0] : undefined,
    params: receiver ? params.slice(1) : params,
    comma,
    result,
    signature,
    catch: own.catch === true,
    variadic: own.variadic === true,
  };
}
