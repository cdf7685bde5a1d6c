import { builtinModules } from "node:module";
import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import commentStyle from "./scripts/comment-style.mjs";

const nodeOnly = "Only src/platform/node*.ts knows Node: pass what you need through the Platform.";
const domOnly = "A page has this, a worker or an edge host has not: pass what you need through the Platform.";

export default defineConfig(
  globalIgnores([
    "dist/",
    "docs/site/",
    "coverage/",
    "test/fixtures/",
    "examples/**/*.d.ts",
    "src/toolchains/wasm-bindgen/known/known-table.ts",
    "src/toolchains/wasm-bindgen/known/web-names.ts",
    "src/toolchains/wasm-bindgen/known/web/*.ts",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,

  {
    files: ["**/*.{ts,cts,mts}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Numbers in messages are what a message is for; everything else is still refused.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => doIt()` is the usual way to write a callback.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `a || b` of booleans is logic, also where one may be missing.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { boolean: true } }],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      // Names in brackets are foreign names: what `exports` has is not known here.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // The public types name what the engine's global namespace has.
      "@typescript-eslint/no-namespace": ["error", { allowDeclarations: true }],
      // Off: an error without facts says so with Record<never, never>.
      "@typescript-eslint/no-generated-empty-object-type": "off",
      // Off: the documentation of a generic function hangs on the call signature of its type.
      "@typescript-eslint/prefer-function-type": "off",
      // Off: `!` is refused, so what is known to be there is said with `as`.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // Off: an index signature says that the names are foreign, which `Record` does not.
      "@typescript-eslint/consistent-indexed-object-style": "off",
    },
  },

  {
    files: ["src/**/*.ts"],
    ignores: ["src/platform/node*.ts", "src/cli/**", "src/plugin/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: builtinModules.map((name) => ({ name, message: nodeOnly })),
          patterns: [{ group: ["node:*"], message: nodeOnly }],
        },
      ],
      "no-restricted-globals": [
        "error",
        ...["process", "Buffer", "require", "module", "global", "setImmediate", "__dirname", "__filename"].map(
          (name) => ({ name, message: nodeOnly }),
        ),
        ...["window", "document", "self", "navigator", "XMLHttpRequest"].map((name) => ({ name, message: domOnly })),
      ],
      "no-eval": "error",
      "no-new-func": "error",
      "no-implied-eval": "error",
      "@typescript-eslint/no-implied-eval": "error",
    },
  },

  // Everything that users see is documented, in one form.
  {
    files: [
      "src/public/*.ts",
      "src/errors/unglue-error.ts",
      "src/node.ts",
      "src/browser.ts",
      "src/entries/*.ts",
      "src/offload/types.ts",
    ],
    extends: [jsdoc.configs["flat/recommended-typescript-error"]],
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { ClassDeclaration: true, MethodDefinition: true },
          contexts: [
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
            "ExportNamedDeclaration > VariableDeclaration",
            "TSInterfaceBody > TSPropertySignature",
            "TSInterfaceBody > TSMethodSignature",
            "PropertyDefinition",
          ],
          checkConstructors: true,
        },
      ],
      "jsdoc/require-description": ["error", { contexts: ["any"] }],
      "jsdoc/require-description-complete-sentence": "off",
      "jsdoc/require-hyphen-before-param-description": ["error", "always"],
      "jsdoc/require-param": ["error", { contexts: ["TSInterfaceBody > TSMethodSignature", "MethodDefinition"] }],
      // `@module` is what TypeDoc wants above a file.
      "jsdoc/check-tag-names": ["error", { typed: false }],
      // Off: a method's first sentence says what comes back where its name does not.
      "jsdoc/require-returns": "off",
      // Off: the text has its own paragraphs; blank lines go where they help.
      "jsdoc/tag-lines": "off",
    },
  },

  // Tests ask for what is certainly there, throw anything, and do what the types forbid on purpose.
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/require-await": "off",
      // `void wasm.memory` calls a getter.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // `expect.stringContaining()` and its like are any.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },

  // Consumers are other people's programs: each has its own compiler settings.
  {
    files: ["test/consumer/**/*.{ts,cts}"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },

  {
    files: ["**/*.{ts,mts,cts,js,mjs}"],
    plugins: { local: commentStyle },
    rules: { "local/comment-style": "error" },
  },

  {
    files: ["examples/**"],
    languageOptions: { globals: { Response: "readonly" } },
  },
  {
    files: ["examples/page/src/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["addEventListener", "document", "fetch", "performance", "postMessage", "Worker"].map((name) => [
          name,
          "readonly",
        ]),
      ),
    },
  },

  {
    files: ["**/*.{js,mjs}"],
    // A script names its other globals in a comment: some run in a browser too.
    languageOptions: {
      globals: {
        Buffer: "readonly",
        console: "readonly",
        process: "readonly",
        TextEncoder: "readonly",
        URL: "readonly",
      },
    },
  },
);
