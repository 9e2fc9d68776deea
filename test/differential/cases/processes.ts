import type { Case } from "../case.ts";

/** Errors that no handler catches, and the end of the process. */
const FAILS = `
const fail = {
  rejection: () => { void Promise.reject(new TypeError("nobody caught it")); },
  textRejection: () => { void Promise.reject("a text"); },
  undefinedRejection: () => { void Promise.reject(); },
  exception: () => { process.nextTick(() => { throw new RangeError("thrown aside"); }); },
  textException: () => { setImmediate(() => { throw "a text"; }); },
  exit0: () => process.exit(0), exit3: () => process.exit(3), exitCode: () => { process.exitCode = 4; setImmediate(() => process.exit()); },
  abort: () => process.kill(process.pid, "SIGKILL"), term: () => process.kill(process.pid, "SIGTERM"),
};
`;
const HANDLER = `${FAILS} exports.handler = async ({ name }) => { if (!name) return "fine"; fail[name](); await new Promise((resolve) => setTimeout(resolve, 500)); return "survived"; };`;

export const processCases: readonly Case[] = [
  ...[
    "rejection",
    "textRejection",
    "undefinedRejection",
    "exception",
    "textException",
    "exit0",
    "exit3",
    "exitCode",
    "abort",
    "term",
  ].map((name) => ({
    name: `process: ${name}`,
    files: HANDLER,
    invokes: [{ event: { name } }, { event: {} }],
  })),
  ...["rejection", "exception", "textException"].map((name) => ({
    name: `process: ${name}, in a JSON log`,
    files: HANDLER,
    environment: { AWS_LAMBDA_LOG_FORMAT: "JSON" },
    invokes: [{ event: { name } }],
  })),
  {
    name: "process: rejection right before the result",
    files: "exports.handler = async () => { void Promise.reject(new Error('aside')); return 'result'; };",
    generation: 4,
    invokes: [{}, {}],
  },
  {
    name: "process: rejection that is caught late",
    files:
      "exports.handler = async () => { const p = Promise.reject(new Error('late')); await null; p.catch(() => {}); return 'caught'; };",
  },
  {
    name: "process: function listens to unhandled rejections",
    files:
      "process.on('unhandledRejection', (error) => console.log('own', error.message)); exports.handler = async () => { void Promise.reject(new Error('mine')); await new Promise(setImmediate); return 'handled'; };",
    generation: 4,
  },
  {
    name: "process: listeners",
    files:
      "exports.handler = async () => ['uncaughtException', 'unhandledRejection', 'beforeExit', 'exit', 'SIGTERM'].map((name) => process.listenerCount(name));",
  },
  {
    name: "process: several invocations at a time",
    files: `const { threadId, isMainThread } = require("node:worker_threads"); console.log("loaded");
      exports.handler = async (event, context) => { console.log("served"); await null;
        return [isMainThread, threadId > 0, process.env._X_AMZN_TRACE_ID === undefined, context.xRayTraceId !== undefined, awslambda.InvokeStore.getRequestId() === context.awsRequestId]; };`,
    environment: { AWS_LAMBDA_MAX_CONCURRENCY: "2", AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" },
    generation: 4,
    invokes: [{}, {}],
  },
  {
    name: "process: several invocations at a time, callback handler",
    files: "exports.handler = (event, context, callback) => callback();",
    environment: { AWS_LAMBDA_MAX_CONCURRENCY: "2", AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" },
    generation: 4,
  },
  {
    name: "process: arguments",
    files:
      "exports.handler = async () => [process.argv.length, process.title, process.cwd() === process.env.LAMBDA_TASK_ROOT];",
  },
  {
    name: "process: timers go on while nothing is invoked",
    files:
      "let fired = 0; exports.handler = async () => { const before = fired; setTimeout(() => { fired += 1; }, 1); if (before === 0) return before; return 'fired'; };",
    invokes: [{}],
  },
];
