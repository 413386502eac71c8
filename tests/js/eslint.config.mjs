// The laws of the house for JavaScript: short files, short functions, no name that nobody knows or uses.
import js from "@eslint/js";

const browser = Object.fromEntries(
  ["window", "document", "setTimeout", "ResizeObserver", "addEventListener", "Response", "Blob", "DecompressionStream"].map(
    (name) => [name, "readonly"],
  ),
);
const rules = {
  ...js.configs.recommended.rules,
  complexity: ["error", 12],
  curly: "error",
  eqeqeq: "error",
  "max-params": ["error", 7],
  "no-shadow": ["error", { builtinGlobals: false }],
  "no-use-before-define": ["error", { functions: false, variables: true }],
  "no-var": "off",
};

export default [
  {
    files: ["geoinno/draw/_web/assets/*.js"],
    languageOptions: { ecmaVersion: 2020, sourceType: "script", globals: browser },
    // Files share one scope: which names they know and use is looked at once they are joined.
    rules: {
      ...rules,
      "no-undef": "off",
      "no-unused-vars": "off",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", { max: 60, IIFEs: true }],
    },
  },
  {
    files: ["joined/*.js"],
    languageOptions: { ecmaVersion: 2020, sourceType: "script", globals: browser },
    rules: { ...rules, "no-unused-vars": ["error", { args: "none", caughtErrors: "none" }] },
  },
];
