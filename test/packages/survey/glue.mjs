// Reads the imports that a package's generated JavaScript defines, from its text. Nothing of it runs.

import { dirname } from "node:path";
import ts from "typescript";

/**
 * Reads the imports from the text that has most of them and lies nearest to the module. Minified text is passed over.
 *
 * @param {string} file - The module's.
 * @param {{ name: string }[]} imports
 * @param {{ file: string, text: string }[]} texts
 * @returns {Map<string, object> | undefined}
 */
export function glueFor(file, imports, texts) {
  const scored = texts
    .filter(({ text }) => /getObject\(|arg0/.test(text))
    .map((one) => ({ ...one, score: imports.filter(({ name }) => one.text.includes(name)).length }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || shared(b.file, file) - shared(a.file, file));
  for (const { text } of scored) {
    const glue = readGlue(text);
    if (glue.size > 0) return glue;
  }
  return undefined;
}

function shared(a, b) {
  const [left, right] = [dirname(a), dirname(b)];
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

/**
 * The imports that a text defines.
 *
 * @param {string} source
 * @returns {Map<string, object>} What each does, by its name.
 */
export function readGlue(source) {
  const file = ts.createSourceFile("glue.js", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const found = new Map();
  const add = (name, value) => {
    if (value && /^__wb(g|indgen)_/.test(name)) found.set(name, value);
  };
  const visit = (node) => {
    if (ts.isFunctionDeclaration(node) && node.name) add(node.name.text, node);
    else if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) add(node.name.text, node);
    else if (ts.isPropertyAssignment(node) && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)))
      add(node.name.text, functionIn(node.initializer));
    else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      add(node.name.text, functionIn(node.initializer));
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left } = node;
      if (ts.isPropertyAccessExpression(left)) add(left.name.text, functionIn(node.right));
      else if (ts.isElementAccessExpression(left) && ts.isStringLiteral(left.argumentExpression))
        add(left.argumentExpression.text, functionIn(node.right));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return new Map([...found].map(([name, node]) => [name, summarise(node)]));
}

/** A function, or a call that wraps one. */
function functionIn(node) {
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) return node;
  return ts.isCallExpression(node) && node.arguments.some((one) => isFunction(one)) ? node : undefined;
}

const isFunction = (node) => ts.isFunctionExpression(node) || ts.isArrowFunction(node);

/** Describes a function of the generated JavaScript: its one action, whether exceptions are caught, whether text is freed. */
function summarise(node) {
  let catches = false;
  let inner = node;
  for (;;) {
    const call = ts.isCallExpression(inner) ? inner : wrapped(inner);
    if (!call) break;
    if (call.expression.getText() === "handleError") catches = true;
    inner = call.arguments.find(isFunction);
  }
  const text = inner.getText();
  if (/catch ?\(?e?\)? ?\{\s*handleError\(/.test(text)) catches = true;
  const deed = deedOf(inner);
  return { catches, text, ...deed };
}

function wrapped(node) {
  const body = node.body;
  const statements = body && ts.isBlock(body) ? body.statements : [];
  const first = statements.length === 1 && ts.isReturnStatement(statements[0]) ? statements[0].expression : body;
  return first &&
    ts.isCallExpression(first) &&
    first.arguments.length <= 2 &&
    first.arguments.some(isFunction) &&
    (first.arguments[1]?.getText() === "arguments" || /^(handleError|logError)$/.test(first.expression.getText()))
    ? first
    : undefined;
}

function deedOf(node) {
  const locals = new Map();
  const deeds = [];
  let instance;
  const visit = (one) => {
    if (isFunction(one) && one !== node) return;
    if (ts.isBinaryExpression(one) && one.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && !instance)
      instance = one;
    if (ts.isVariableDeclaration(one) && one.initializer) {
      locals.set(one.name.getText(), one.initializer);
      if (one.name.getText() === "ret" || one.name.getText() === "obj") deeds.push(one.initializer);
    } else if (ts.isExpressionStatement(one) && !isPlumbing(one.expression, locals)) deeds.push(one.expression);
    ts.forEachChild(one, visit);
  };
  let returned = node.body && !ts.isBlock(node.body) ? node.body : undefined;
  const visitReturns = (one) => {
    if (isFunction(one) && one !== node) return;
    if (ts.isReturnStatement(one) && one.expression) returned = one.expression;
    ts.forEachChild(one, visitReturns);
  };
  if (node.body && ts.isBlock(node.body)) {
    visit(node.body);
    visitReturns(node.body);
  }
  const tail = node.getText();
  const passed = [...locals.values(), node].map((one) => passedToWasm(one)).find(Boolean);
  if (deeds.length === 0 && passed) deeds.push(passed);
  if (deeds.length === 0 && returned) deeds.push(withoutHelpers(returned));
  const wide = returned?.getText();
  const result = /passStringToWasm0\(/.test(tail)
    ? "S"
    : /passArray\w*ToWasm0\(/.test(tail)
      ? "["
      : wide === undefined
        ? /set(Float64|Int32|BigInt64)|Memory0?\(?\)?\[/.test(tail) && locals.has("ret")
          ? "stored"
          : ""
        : /isLikeNone/.test(wide)
          ? "?"
          : /addHeapObject|addToExternref/.test(wide)
            ? "h"
            : "plain";
  const described = instance
    ? { kind: "instanceof", what: instance.right.getText(), args: [] }
    : deeds[0]
      ? describe(unwrap(deeds[0]), locals)
      : { kind: "nothing", what: "", args: [] };
  return { ...described, result };
}

/** The source of a text or list that goes to the module without a name. */
function passedToWasm(node) {
  if (!ts.isCallExpression(node) || !/^pass(String|Array)/.test(node.expression.getText())) return undefined;
  const [value] = node.arguments;
  return value && !ts.isIdentifier(value) ? value : undefined;
}

/** A value without what makes a handle of it. */
function withoutHelpers(node) {
  const plain = unwrap(node);
  return ts.isCallExpression(plain) && /^(addHeapObject|addToExternrefTable0)$/.test(plain.expression.getText())
    ? withoutHelpers(plain.arguments[0])
    : plain;
}

/** Statements about memory, locals and handles. */
function isPlumbing(node, locals) {
  const text = node.getText();
  if (
    /^(wasm\.|getInt32Memory|getDataView|getFloat64Memory|getBigInt64Memory|getUint\w*Memory|getInt32Memory|_assert|state|deferred|delete state)/.test(
      text,
    )
  )
    return true;
  return (
    ts.isBinaryExpression(node) &&
    ts.isIdentifier(node.left) &&
    (locals.has(node.left.text) || /^(v\d|deferred|result|len|ptr)/.test(node.left.text))
  );
}

function unwrap(node) {
  if (ts.isParenthesizedExpression(node)) return unwrap(node.expression);
  if (ts.isAwaitExpression(node)) return unwrap(node.expression);
  return node;
}

/** An expression as what it does, on what, with which arguments. */
function describe(node, locals) {
  const args = (list = []) => [...list].map((one) => codeOf(one, locals));
  if (ts.isNewExpression(node))
    return { kind: "constructor", what: global(node.expression), args: args(node.arguments) };
  if (ts.isCallExpression(node)) {
    const callee = unwrap(node.expression);
    const listed = { args: args(node.arguments), variadic: node.arguments.some((one) => ts.isSpreadElement(one)) };
    if (memberOf(callee) !== undefined && isArgument(callee.expression, locals))
      return { kind: "method", what: memberOf(callee), ...listed };
    return { kind: "call", what: global(callee), ...listed };
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const { left, right } = node;
    if (memberOf(left) !== undefined)
      return isArgument(left.expression, locals)
        ? { kind: "setter", what: memberOf(left), args: args([right]) }
        : { kind: "static-setter", what: global(left), args: args([right]) };
    if (ts.isElementAccessExpression(left))
      return { kind: "index-setter", what: "", args: args([left.argumentExpression, right]) };
  }
  if (ts.isDeleteExpression(node)) return { kind: "index-deleter", what: "", args: [] };
  if (memberOf(node) !== undefined)
    return isArgument(node.expression, locals)
      ? { kind: "getter", what: memberOf(node), args: [] }
      : { kind: "value", what: global(node), args: [] };
  if (ts.isElementAccessExpression(node)) {
    // Texts of an enum are looked up as results, too.
    return { kind: "index-getter", what: "", args: args([node.argumentExpression]) };
  }
  if (ts.isConditionalExpression(node) && /^typeof /.test(node.condition.getText()))
    return { kind: "value", what: global(node.whenFalse), args: [] };
  if (ts.isIdentifier(node) && !/^arg\d+$/.test(node.text) && !locals.has(node.text))
    return { kind: "value", what: node.text, args: [] };
  // `(__wbindgen_enum_X.indexOf(getObject(arg0).mode) + 1 || 2) - 1`: a text's number.
  const found = /indexOf\((.*?)\) \+ 1/.exec(node.getText());
  if (found) return describeText(found[1]);
  if (ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node) || ts.isTypeOfExpression(node))
    return { kind: "operator", what: node.getText(), args: [] };
  return { kind: "cast", what: codeOf(node, locals), args: [] };
}

function describeText(text) {
  const file = ts.createSourceFile("one.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  return describe(unwrap(file.statements[0].expression), new Map());
}

/** The name of a member that is read by name. */
function memberOf(node) {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression))
    return node.argumentExpression.text;
  return undefined;
}

/** `typeof X == 'undefined' ? notDefined('X') : X` is X. */
function global(node) {
  const plain = unwrap(node);
  if (ts.isConditionalExpression(plain)) return global(plain.whenFalse);
  const member = memberOf(plain);
  return member === undefined ? plain.getText() : `${global(plain.expression)}.${member}`;
}

function isArgument(node, locals) {
  const text = unwrap(node).getText();
  return /^(getObject\(|takeObject\()?arg\d+\)?$/.test(text) || locals.has(text);
}

/** How a value crosses the border, as far as the text tells. */
function codeOf(node, locals) {
  const plain = unwrap(node);
  if (ts.isSpreadElement(plain)) return codeOf(plain.expression, locals);
  const text = plain.getText();
  if (/^takeObject\(arg\d+\)$/.test(text)) return "H";
  if (/^getObject\(arg\d+\)$/.test(text)) return "h";
  if (/^arg\d+$/.test(text)) return "plain";
  if (/^arg\d+ >>> 0$/.test(text)) return "u";
  if (/^arg\d+ !== 0$/.test(text)) return "b";
  if (/^BigInt\.asUintN\(64/.test(text)) return "U";
  if (/^(getStringFromWasm|getCachedStringFromWasm)/.test(text)) return "s";
  if (/^getArrayJsValue/.test(text)) return "[H";
  if (/^getClampedArray/.test(text)) return "[c8";
  const [, array] = /^getArray([A-Z]\d+)FromWasm/.exec(text) ?? [];
  if (array)
    return `[${array.toLowerCase().replace("i64", "I").replace("u64", "U").replace("f64", "d").replace("f32", "f").replace("i32", "i").replace("u32", "u")}`;
  if (/^__wbindgen_enum_/.test(text)) return '"';
  if (/^String\.fromCodePoint/.test(text)) return "c";
  if (ts.isConditionalExpression(plain)) return `?${codeOf(plain.whenFalse, locals)}`;
  if (ts.isIdentifier(plain) && /^cb\d/.test(text)) return "fn";
  if (ts.isIdentifier(plain) && /^v\d/.test(text)) {
    const value = locals.get(text);
    return value ? codeOf(value, new Map()) : "local";
  }
  if (
    ts.isCallExpression(plain) &&
    ts.isPropertyAccessExpression(plain.expression) &&
    plain.expression.name.text === "slice"
  )
    return codeOf(plain.expression.expression, locals);
  return "other";
}
