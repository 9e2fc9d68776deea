import type { Case } from "../case.ts";

const ERRORS = `
class Custom extends Error { constructor(message) { super(message); this.name = "Custom"; this.detail = { a: [1] }; } }
class Unnamed extends TypeError {}
const circular = new Error("circular"); circular.self = circular;
const duck = { name: "Duck", message: "quacks", stack: "Duck: quacks\\n    at pond (<task>/pond.js:1:2)" };
const make = {
  error: () => new Error("plain"), type: () => new TypeError("typed"), custom: () => new Custom("custom"), unnamed: () => new Unnamed("unnamed"),
  circular: () => circular, code: () => Object.assign(new Error("coded"), { code: "E_CODE", statusCode: 503 }),
  cause: () => new Error("outer", { cause: new Error("inner") }), aggregate: () => new AggregateError([new Error("one"), 2], "several"),
  noMessage: () => new Error(), noStack: () => Object.assign(new Error("no stack"), { stack: undefined }),
  textStack: () => Object.assign(new Error("other stack"), { stack: "just text" }), numberStack: () => Object.assign(new Error("n"), { stack: 5 }),
  numberName: () => Object.assign(new Error("n"), { name: 5 }), emptyName: () => Object.assign(new Error("n"), { name: "" }),
  numberMessage: () => Object.assign(new Error("n"), { message: 5 }), noName: () => Object.assign(new Error("n"), { name: undefined }),
  del: () => new Error("a\\u007fb"), lines: () => new Error("first\\nsecond"), unicode: () => new Error("gr\\u00fc\\u00dfe \\ud834\\udd1e"),
  throwingGetter: () => Object.defineProperty(new Error("x"), "message", { get() { throw new Error("getter"); } }),
  text: () => "a text", emptyText: () => "", number: () => 5, object: () => ({ a: 1 }), duck: () => duck, array: () => [1, 2],
  null: () => null, undefined: () => undefined, false: () => false, nullProto: () => Object.create(null),
  bigint: () => 5n, toString: () => ({ toString: () => "own text" }), bigMessage: () => new Error("x".repeat(20000)),
  fromPrototype: () => Object.create(Error.prototype), domException: () => new DOMException("aborted", "AbortError"),
};
const rethrow = (name) => { throw make[name](); };
`;
const names =
  "error type custom unnamed circular code cause aggregate noMessage noStack textStack numberStack numberName emptyName numberMessage noName del lines unicode throwingGetter text emptyText number object duck array null undefined false nullProto bigint toString bigMessage fromPrototype domException".split(
    " ",
  );

/** What a handler may throw. */
export const errorCases: readonly Case[] = [
  ...names.map((name) => ({
    name: `error: ${name}`,
    files: `${ERRORS} exports.handler = async ({ name }) => rethrow(name);`,
    invokes: [{ event: { name } }],
  })),
  ...["error", "text", "custom"].map((name) => ({
    name: `error: ${name}, thrown by a plain function`,
    files: `${ERRORS} exports.handler = function named({ name }) { rethrow(name); };`,
    invokes: [{ event: { name } }],
  })),
  ...["error", "custom", "code", "cause", "text", "circular", "null", "aggregate"].map((name) => ({
    name: `error: ${name}, in a JSON log`,
    files: `${ERRORS} exports.handler = async ({ name }) => rethrow(name);`,
    environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" },
    invokes: [{ event: { name } }],
  })),
  {
    name: "error: after an await, in a module",
    files: {
      "index.mjs": `import { fail } from "./lib.mjs";
export const handler = async () => {
  await new Promise(setImmediate);
  await fail();
};`,
      "lib.mjs": `export async function fail() {
  throw new RangeError("from a module");
}`,
    },
  },
  {
    name: "error: source maps",
    files: {
      "index.js": `"use strict";
exports.handler = async () => { throw new Error("mapped"); };
//# sourceMappingURL=index.js.map`,
      "index.js.map": JSON.stringify({
        version: 3,
        sources: ["src/index.ts"],
        names: [],
        mappings: ";AAIE,QAAQ,UAAU,YAAY,MAAM",
      }),
    },
    environment: { NODE_OPTIONS: "--enable-source-maps" },
  },
];
