// Compares the library's meaning of an import with the package's own JavaScript.

/**
 * Describes the difference between a declaration and the generated JavaScript.
 *
 * @param {import("../../../src/toolchains/wasm-bindgen/known/index.ts").Declaration} declaration
 * @param {object} glue - As `readGlue` gives it.
 * @param {{ abi: string, storesExceptions: boolean }} module
 * @returns {string | undefined} Undefined if nothing does.
 */
export function differenceOf(declaration, glue, { abi, storesExceptions }) {
  const { kind, path, name, params, receiver, variadic } = declaration;
  const full = [...path, name].filter(Boolean).join(".");
  const expected = expectations(declaration);
  if (!expected.some(([kind, what]) => kind === glue.kind && same(kind, what, glue.what))) {
    return `${kind} ${full}${receiver ? " of its first argument" : ""}: the JavaScript has ${glue.kind} ${glue.what}`;
  }
  // Where the module itself catches, it has no helper that takes an exception, and the adapter throws it on.
  if ((declaration.catch && storesExceptions) !== glue.catches)
    return `${full}: ${glue.catches ? "is" : "is not"} caught in the JavaScript`;
  if (
    ["constructor", "method", "call", "setter", "static-setter", "index-setter", "index-getter"].includes(glue.kind)
  ) {
    const viaReceiver = glue.kind === "call" && receiver;
    const codes = viaReceiver ? ["h", ...params] : params;
    if (codes.length !== glue.args.length)
      return `${full}: ${codes.length} arguments, ${glue.args.length} in the JavaScript`;
    const at = codes.findIndex((code, index) => !sameCode(code, glue.args[index], abi));
    if (at >= 0) return `${full}: argument ${at} is ${codes[at]}, ${glue.args[at]} in the JavaScript`;
    if (variadic !== (glue.variadic ?? false)) return `${full}: variadic ${variadic}`;
  }
  const frees = /__wbindgen_free\(|deferred\d|__wbindgen_export_?\d*\(arg\d+|__wbindgen_export_?\d*\(deferred/.test(
    glue.text,
  );
  const takes = params.some((code) => /^\??(S|\[)/.test(code));
  if (takes !== frees && !/^\[|S/.test(declaration.result) && !declaration.result.startsWith("?S")) {
    return `${full}: what is passed is ${frees ? "" : "not "}freed in the JavaScript`;
  }
  return sameResult(declaration.result, glue.result, abi)
    ? undefined
    : `${full}: the result is ${declaration.result || "none"}, ${glue.result || "none"} in the JavaScript`;
}

function expectations({ kind, path, name }) {
  const owner = path.join(".");
  const full = [...path, name].filter(Boolean).join(".");
  switch (kind) {
    case "constructor":
      return [["constructor", owner]];
    case "method":
      return [["method", name]];
    case "getter":
      return [["getter", name]];
    case "setter":
      return [["setter", name]];
    case "function":
    case "static":
      return [["call", full]];
    case "static-getter":
    case "accessor":
      return [["value", full]];
    case "static-setter":
      return [["static-setter", full]];
    case "index-getter":
    case "index-setter":
    case "index-deleter":
      return [[kind, ""]];
    case "instanceof":
      return [["instanceof", owner]];
    default:
      return [];
  }
}

function same(kind, expected, what) {
  // The names of classes in web-sys differ in their case.
  return kind === "instanceof" ? expected.toLowerCase() === what.toLowerCase() : expected === what;
}

function sameCode(code, glue, abi) {
  if (glue === "other" || glue === "local") return true;
  const plain = abi === "externref" && glue === "plain";
  if (code === "h" || code === "H") return plain || glue === code;
  if (/^\??[sS]$/.test(code)) return /s$/.test(glue);
  if (code === "b") return glue === "b";
  if (code === "u") return glue === "u" || glue === "plain";
  if (code === "U") return glue === "U";
  if (/^(&m?)?\[/.test(code)) return glue === code.replace(/^&m?/, "") || (glue.startsWith("[") && code.endsWith("c8"));
  if (/^(Fn|Mut)/.test(code)) return glue === "fn";
  if (code.startsWith('"')) return glue === '"';
  if (code.startsWith("?")) return glue.startsWith("?") || glue === "plain" || glue === "h";
  return glue === "plain" || glue === "u" || glue === code;
}

function sameResult(code, glue, abi) {
  if (glue === "stored") return true;
  if (code === "") return glue === "" || glue === "plain";
  if (/^\??[sS]$/.test(code)) return glue === "S";
  if (/^\??&?\[/.test(code)) return glue === "[";
  if (/^\?/.test(code)) return glue === "?" || glue === "plain";
  if (code === "h" || code === "H") return abi === "externref" ? glue === "plain" || glue === "h" : glue === "h";
  return glue === "plain";
}
