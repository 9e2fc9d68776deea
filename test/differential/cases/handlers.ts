import type { Case } from "../case.ts";

const CJS = "exports.handler = async (event) => ({ got: event });";
const ESM = "export const handler = async (event) => ({ got: event });";

/** Which function a handler string names, and how loading it fails. */
export const handlerCases: readonly Case[] = [
  { name: "handler: CommonJS", files: CJS },
  { name: "handler: .cjs", files: { "index.cjs": CJS } },
  { name: "handler: .mjs", files: { "index.mjs": ESM } },
  { name: "handler: module by package type", files: { "package.json": '{"type":"module"}', "index.js": ESM } },
  {
    name: "handler: CommonJS by nearest package type",
    files: { "package.json": '{"type":"module"}', "src/package.json": "{}", "src/index.js": CJS },
    handler: "src/index.handler",
  },
  {
    name: "handler: package.json that is no JSON",
    files: { "package.json": "{", "index.js": CJS },
  },
  { name: "handler: module syntax without a type", files: { "index.js": ESM } },
  { name: "handler: top-level await", files: { "index.mjs": `await new Promise(setImmediate);\n${ESM}` } },
  { name: "handler: nested folder", files: { "src/deep/app.js": CJS }, handler: "src/deep/app.handler" },
  { name: "handler: folder with a dot", files: { "v1.2/app.js": CJS }, handler: "v1.2/app.handler" },
  { name: "handler: leading ./", files: { "app.js": CJS }, handler: "./app.handler" },
  {
    name: "handler: nested export",
    files: "exports.api = { v1: { get: async () => 'nested' } };",
    handler: "index.api.v1.get",
  },
  {
    name: "handler: export of a function",
    files: "exports.api = () => {}; exports.api.get = async () => 'of a function';",
    handler: "index.api.get",
  },
  {
    name: "handler: default export",
    files: { "index.mjs": "export default async () => 'default';" },
    handler: "index.default",
  },
  {
    name: "handler: member of the default export",
    files: { "index.mjs": "export default { handler: async () => 'member' };" },
  },
  {
    name: "handler: module.exports is a function",
    files: "module.exports = async () => 'whole';",
    handler: "index.default",
  },
  {
    name: "handler: class instance",
    files: "class Api { async handler() { return typeof this.handler; } } module.exports = new Api();",
  },
  {
    name: "handler: this",
    files:
      "exports.handler = async function () { return this === undefined ? 'undefined' : this === exports ? 'exports' : 'other'; };",
  },
  { name: "handler: file without extension", files: { index: CJS } },
  { name: "handler: folder of that name", files: { "index/index.js": CJS } },
  {
    name: "handler: .mjs before .cjs",
    files: {
      "index.cjs": "exports.handler = async () => 'cjs';",
      "index.mjs": "export const handler = async () => 'mjs';",
    },
  },
  {
    name: "handler: .js before .mjs",
    files: {
      "index.js": "exports.handler = async () => 'js';",
      "index.mjs": "export const handler = async () => 'mjs';",
    },
  },
  { name: "handler: in node_modules", files: { "node_modules/app/index.js": CJS }, handler: "app.handler" },
  { name: "handler: JSON beside it", files: { "index.json": "{}", "index.js": CJS } },
  {
    name: "handler: require of a neighbour",
    files: { "index.js": "exports.handler = require('./other.js').handler;", "other.js": CJS },
  },
  {
    name: "handler: who required it",
    files:
      "exports.handler = async () => [require.main === module, typeof module.parent, __filename.endsWith('index.js')];",
  },
  {
    name: "handler: imports a package that is missing, CommonJS",
    files: "require('nowhere'); exports.handler = () => {};",
  },
  {
    name: "handler: imports a package that is missing, module",
    files: { "index.mjs": "import 'nowhere'; export const handler = () => {};" },
  },
  {
    name: "handler: imports a file that is missing, module",
    files: { "index.mjs": "import './nowhere.mjs'; export const handler = () => {};" },
  },
  { name: "handler: file is missing", files: CJS, handler: "nowhere.handler" },
  { name: "handler: file in a folder is missing", files: CJS, handler: "src/nowhere.handler" },
  { name: "handler: export is missing", files: CJS, handler: "index.nope" },
  { name: "handler: nested export is missing", files: CJS, handler: "index.api.get" },
  { name: "handler: export is no function", files: "exports.handler = 'text';" },
  { name: "handler: module.exports is null", files: "module.exports = null;" },
  { name: "handler: no dot", files: CJS, handler: "index" },
  { name: "handler: two dots", files: CJS, handler: "../index.handler" },
  { name: "handler: empty export", files: CJS, handler: "index." },
  { name: "handler: syntax error, CommonJS", files: "exports.handler = (;" },
  { name: "handler: syntax error, module", files: { "index.mjs": "export const handler = (;" } },
  { name: "handler: throws while it loads", files: "throw new RangeError('while loading');" },
  { name: "handler: throws a text while it loads", files: "throw 'a text';" },
  {
    name: "handler: throws an error with a code while it loads",
    files: "throw Object.assign(new Error('coded'), { code: 'E_MINE', data: { a: 1 } });",
  },
  {
    name: "handler: rejects while it loads",
    files: { "index.mjs": "await Promise.reject(new TypeError('top level')); export const handler = () => {};" },
  },
  { name: "handler: exits while it loads", files: "process.exit(7);" },
  { name: "handler: exits with 0 while it loads", files: "process.exit(0);" },
  {
    name: "handler: init error in JSON",
    files: CJS,
    handler: "index.nope",
    environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" },
  },
  {
    name: "handler: missing file in JSON",
    files: CJS,
    handler: "nowhere.handler",
    environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" },
  },
  { name: "handler: three parameters", files: "exports.handler = async (event, context, callback) => 'three';" },
  {
    name: "handler: streaming tag that is none",
    files:
      "exports.handler = async () => {}; exports.handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'request';",
  },
  {
    name: "handler: streaming tag that is false",
    files:
      "exports.handler = async () => 'buffered'; exports.handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = '';",
  },
  { name: "handler: logs while it loads", files: `console.log("loading"); ${CJS}` },
];
