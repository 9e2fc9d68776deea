import type { Case } from "../case.ts";

/** What is logged while an event is served, and before. */
const LOGS = `
const circular = {}; circular.self = circular;
class Custom extends Error { constructor(message) { super(message); this.extra = 1; } }
const error = () => new Custom("an error");
console.log("before the first event");
exports.handler = async () => {
  console.log("plain"); console.log(); console.log(""); console.log("a", 1, true, null, undefined); console.log("%s is %d %j %%", "x", 4, { a: 1 });
  console.log("%s"); console.log("100%", "more"); console.log({ a: { b: { c: { d: 1 } } } }); console.log([1, "x"]); console.log(null); console.log(undefined); console.log(5); console.log(true);
  console.log("two\\nlines"); console.log("tab\\tand\\rreturn"); console.log("gr\\u00fc\\u00dfe \\ud834\\udd1e"); console.log(5n); console.log(Symbol("s")); console.log(() => 1); console.log(new Date(0));
  console.log(new Map([[1, 2]])); console.log(Buffer.from("ab")); console.log(circular); console.log("circular", circular); console.log({ big: 1n });
  console.log({ toJSON: () => "from toJSON" }); console.log({ toJSON() { throw new Error("no"); } }); console.log('{"already":"json"}');
  console.log(error()); console.log("failed", error()); console.log(error(), "first"); console.log("two", error(), new TypeError("other")); console.log({ nested: error() }); console.log([error()]);
  console.log("failed: %s", error()); console.log("object", { a: 1 }); console.log({ message: "own", level: "own", requestId: "own" });
  console.log(Object.assign(new Error("odd stack"), { stack: 5 })); console.log("odd", Object.assign(new Error("odd stack"), { stack: 5 }));
  console.log(Object.assign(Object.create(null), { a: 1 })); console.log(Object.assign(new Error("with cause", { cause: new Error("why") }), { code: "E" }));
};
`;

const LEVELS = `
exports.handler = async () => {
  for (const level of ["trace", "debug", "info", "log", "warn", "error", "fatal"]) console[level](level, 1);
  return ["dir", "table", "assert", "count", "group", "time"].map((name) => typeof console[name]);
};
`;

const level = (name: string): Case[] =>
  ["TEXT", "JSON"].map((format) => ({
    name: `console: level ${name} in ${format}`,
    files: LEVELS,
    environment: { AWS_LAMBDA_LOG_FORMAT: format, AWS_LAMBDA_LOG_LEVEL: name },
  }));

export const consoleCases: readonly Case[] = [
  { name: "console: text", files: LOGS, invokes: [{ tenantId: "blue" }] },
  { name: "console: JSON", files: LOGS, environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" } },
  { name: "console: text on stdout", files: LOGS, environment: { LOG_TO_STDOUT: "1" } },
  { name: "console: JSON on stdout", files: LOGS, environment: { LOG_TO_STDOUT: "1", AWS_LAMBDA_LOG_FORMAT: "json" } },
  {
    name: "console: tenant in JSON",
    files: "exports.handler = async () => { console.log('of a tenant'); };",
    environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" },
    invokes: [{ tenantId: "blue" }, {}],
  },
  { name: "console: unknown format", files: LEVELS, environment: { AWS_LAMBDA_LOG_FORMAT: "xml" } },
  ...["TRACE", "debug", "INFO", "WARN", "ERROR", "FATAL", "nonsense"].flatMap(level),
  {
    name: "console: below the level of errors",
    files: "exports.handler = async () => { throw new Error('quiet'); };",
    environment: { AWS_LAMBDA_LOG_LEVEL: "FATAL" },
  },
  {
    name: "console: dir, table, group, assert",
    files:
      "exports.handler = async () => { console.assert(false, 'asserted'); console.assert(true); console.count('c'); };",
  },
  {
    name: "console: log is replaced by the function",
    files:
      "const seen = []; console.error = (...args) => seen.push(args.length); exports.handler = async ({ fail }) => { if (fail) throw new Error('seen'); return seen; };",
    invokes: [{ event: { fail: true } }, { event: {} }],
  },
  {
    name: "console: stdout and stderr directly",
    files: "exports.handler = async () => { process.stdout.write('to stdout\\n'); };",
  },
  {
    name: "console: own Console",
    files:
      "const { Console } = require('node:console'); exports.handler = async () => { new Console(process.stdout).log('own', { a: 1 }); };",
  },
  {
    name: "console: after the response",
    files: "exports.handler = async () => { setImmediate(() => console.log('later')); return 1; };",
    generation: 4,
    invokes: [{}, {}],
  },
];
