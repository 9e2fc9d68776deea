import type { Case } from "../case.ts";

/** One function for many results: the event names which. */
const RESULTS = `
const circular = {}; circular.self = circular;
const values = {
  undefined: () => undefined, null: () => null, text: () => "text", empty: () => "", number: () => 1.5, nan: () => NaN,
  false: () => false, array: () => [1, undefined, () => 1], unicode: () => "gr\\u00fc\\u00dfe \\ud834\\udd1e \\u2028", del: () => "a\\u007fb",
  date: () => new Date(0), toJSON: () => ({ toJSON: () => "from toJSON" }), map: () => new Map([[1, 2]]),
  buffer: () => Buffer.from("abc"), nested: () => ({ a: { b: [{ c: null }] } }), loneSurrogate: () => "\\ud800",
  circular: () => circular, bigint: () => 1n, function: () => () => 1, symbol: () => Symbol("s"),
  toJSONThrows: () => ({ toJSON() { throw new Error("in toJSON"); } }), error: () => new Error("a result"),
  thenable: () => ({ then: (resolve) => resolve("from a thenable") }),
  functionThenable: () => Object.assign(() => 1, { then: (resolve) => resolve("from a function") }),
  late: () => new Promise((resolve) => setTimeout(resolve, 5, "late")),
  changed: () => { const result = { n: 1 }; setImmediate(() => { result.n = 2; }); return result; },
};
`;
const names =
  "undefined null text empty number nan false array unicode del date toJSON map buffer nested loneSurrogate circular bigint function symbol toJSONThrows error thenable late changed".split(
    " ",
  );

export const resultCases: readonly Case[] = [
  {
    name: "result: of an async function",
    files: `${RESULTS} exports.handler = async ({ name }) => values[name]();`,
    invokes: names.map((name) => ({ event: { name } })),
  },
  {
    name: "result: of a plain function",
    files: `${RESULTS} exports.handler = ({ name }) => values[name]();`,
    generation: 4,
    invokes: [...names, "functionThenable"].map((name) => ({ event: { name } })),
  },
  {
    name: "result: promises of a plain function",
    files: `${RESULTS} exports.handler = ({ name }) => values[name]();`,
    generation: 3,
    invokes: ["late", "thenable", "functionThenable"].map((name) => ({ event: { name } })),
  },
  {
    name: "event: any JSON",
    files: "exports.handler = async (event) => ({ type: typeof event, event });",
    invokes: [
      { event: null },
      { event: "text" },
      { event: 1 },
      { event: [1] },
      { payload: ' {"a": "\u00fc\\u0000"} ' },
    ],
  },
  { name: "event: no JSON", files: "exports.handler = async () => 1;", invokes: [{ payload: "{" }] },
  { name: "event: empty", files: "exports.handler = async () => 1;", invokes: [{ payload: "" }] },
  {
    name: "result: too large",
    files: "exports.handler = async ({ bytes }) => 'x'.repeat(bytes);",
    spec: { maxResponseBytes: 1000 },
    invokes: [{ event: { bytes: 998 } }, { event: { bytes: 999 } }, { event: { bytes: 10 } }],
  },
  {
    name: "result: state survives",
    files: "let n = 0; exports.handler = async () => { n += 1; if (n === 2) throw new Error('second'); return n; };",
    invokes: [{}, {}, {}],
  },
];
