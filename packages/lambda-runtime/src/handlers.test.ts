import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { json, Lab, request, text } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

describe("handlers that succeed", () => {
  const echo = "async (event) => ({ got: event })";

  test.for([
    ["CommonJS", { "index.js": `exports.handler = ${echo};` }, {}],
    ["synchronous", { "index.js": "exports.handler = (event) => ({ got: event });" }, {}],
    ["ES module", { "index.mjs": `export const handler = ${echo};` }, {}],
    [
      "ES module by package type",
      { "package.json": '{"type":"module"}', "index.js": `export const handler = ${echo};` },
      {},
    ],
    ["top-level await", { "index.mjs": `await Promise.resolve(); export const handler = ${echo};` }, {}],
    ["nested file", { "src/deep/app.js": `exports.handler = ${echo};` }, { handler: "src/deep/app.handler" }],
    ["nested export", { "index.js": `exports.api = { get: ${echo} };` }, { handler: "index.api.get" }],
    [
      "callback on nodejs22.x",
      { "index.js": "exports.handler = (event, context, done) => done(null, { got: event });" },
      { runtime: "nodejs22.x" },
    ],
    [
      "context.succeed on nodejs20.x",
      { "index.js": "exports.handler = (event, context) => { setImmediate(() => context.succeed({ got: event })); };" },
      { runtime: "nodejs20.x" },
    ],
    ["promise on nodejs22.x", { "index.js": `exports.handler = ${echo};` }, { runtime: "nodejs22.x" }],
  ] as const)("%s", async ([, files, spec]) => {
    const pool = lab.deploy(files, spec);
    for (const event of [{ n: 1 }, { text: "grüße 𝄞" }]) {
      const outcome = await pool.invoke(request(event));
      expect(text(outcome)).toBe(JSON.stringify({ got: event }));
      expect(outcome.functionError).toBeUndefined();
    }
    expect(lab.processesStarted).toBe(1);
  });

  test("undefined becomes null", async () => {
    const pool = lab.deploy("exports.handler = async () => {};");
    expect(text(await pool.invoke(request()))).toBe("null");
  });

  test("a callback handler that never calls back is answered with null when nothing is left to do", async () => {
    const pool = lab.deploy("exports.handler = (event, context, done) => { setTimeout(() => {}, 5); };", {
      runtime: "nodejs22.x",
    });
    expect(text(await pool.invoke(request()))).toBe("null");
    expect(text(await pool.invoke(request()))).toBe("null");
    expect(lab.processesStarted).toBe(1);
  });

  test("a callback waits for an empty event loop unless it is told not to", async () => {
    const pool = lab.deploy(
      `let left = 0;
       exports.handler = (event, context, done) => {
         context.callbackWaitsForEmptyEventLoop = event.wait;
         const before = left;
         setTimeout(() => { left += 1; }, 50);
         done(null, { before, left: { toJSON: () => left } });
       };`,
      { runtime: "nodejs22.x" },
    );
    expect(json(await pool.invoke(request({ wait: true })))).toEqual({ before: 0, left: 1 });
    expect(json(await pool.invoke(request({ wait: false })))).toEqual({ before: 1, left: 1 });
  });

  test("the context tells about function and invocation", async () => {
    const pool = lab.deploy(
      `exports.handler = async (event, context) => ({
         ...context, remaining: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`,
    );
    const invoke = request(
      {},
      {
        traceId: "Root=1-5e1b4151-5ac6c58f5b1daa6e3c1c3f5a;Sampled=0",
        clientContext: '{"custom":{"ä":"ö"}}',
        tenantId: "blue",
      },
    );
    const context = json(await pool.invoke(invoke));
    // AWS: the parent is the function's own segment.
    const TRACE = /^Root=1-5e1b4151-5ac6c58f5b1daa6e3c1c3f5a;Parent=[0-9a-f]{16};Sampled=0$/;
    expect(context).toMatchObject({
      awsRequestId: invoke.requestId,
      invokedFunctionArn: invoke.invokedFunctionArn,
      functionName: "probe",
      functionVersion: "$LATEST",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/probe",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      clientContext: { custom: { ä: "ö" } },
      tenantId: "blue",
      xRayTraceId: expect.stringMatching(TRACE),
      trace: expect.stringMatching(TRACE),
      remaining: expect.toSatisfy((ms: number) => ms > 5000 && ms <= 10_000),
    });
  });

  test("the environment is Lambda's and nothing of the host's", async () => {
    const pool = lab.deploy("exports.handler = async () => ({ ...process.env, cwd: process.cwd() });", {
      environment: { TABLE: "t", AWS_REGION: "mars-1", TZ: "Asia/Tokyo" },
      defaultEnvironment: { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" },
    });
    const environment = JSON.parse(text(await pool.invoke(request())));
    const own = dirname(environment.TMPDIR);
    expect(environment).toEqual({
      _HANDLER: "index.handler",
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_FUNCTION_NAME: "probe",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/probe",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_REGION: "eu-west-1",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
      _AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1",
      _AWS_XRAY_DAEMON_PORT: "2000",
      LAMBDA_RUNTIME_DIR: expect.any(String),
      LAMBDA_TASK_ROOT: `${own}/task`,
      LANG: "en_US.UTF-8",
      LD_LIBRARY_PATH: `${own}/task:${own}/task/lib:${own}/opt/lib`,
      NODE_PATH: `${own}/opt/nodejs/node24/node_modules:${own}/opt/nodejs/node_modules:${own}/task`,
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}:${own}/opt/bin`,
      PWD: `${own}/task`,
      SHLVL: "0",
      TABLE: "t",
      TMPDIR: `${own}/tmp`,
      TZ: "Asia/Tokyo",
      cwd: `${own}/task`,
    });
  });
});

describe("handlers that fail", () => {
  test.for([
    ["an error", "exports.handler = async () => { throw new TypeError('no ä\\u007f'); };", {}, "TypeError", "no ä%7F"],
    ["a synchronous error", "exports.handler = () => { throw new RangeError('no'); };", {}, "RangeError", "no"],
    ["a string", "exports.handler = async () => { throw 'plain'; };", {}, "string", "plain"],
    [
      "a result that is no JSON",
      "exports.handler = async () => 1n;",
      {},
      "Runtime.JSONStringifyError",
      "Unable to stringify response body",
    ],
    [
      "a callback error",
      "exports.handler = (e, c, done) => done(new Error('no'));",
      { runtime: "nodejs22.x" },
      "Error",
      "no",
    ],
    ["context.fail", "exports.handler = (e, c) => c.fail();", { runtime: "nodejs22.x" }, "string", "handled"],
  ] as const)("%s", async ([, code, spec, errorType, errorMessage]) => {
    const pool = lab.deploy(code, spec);
    for (let round = 0; round < 2; round += 1) {
      const outcome = await pool.invoke(request());
      expect(json(outcome)).toEqual({ errorType, errorMessage, trace: expect.any(Array) });
      expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "handler" });
    }
    expect(lab.processesStarted).toBe(1);
  });

  test("a stack of 64 KB, which travels in a header, arrives whole", async () => {
    const pool = lab.deploy(
      `exports.handler = async () => { const error = new Error("deep ü"); error.stack = "Error: deep ü\\n" + "    at f (/a.js:1:2)\\n".repeat(3500); throw error; };`,
    );
    const outcome = await pool.invoke(request());
    expect(outcome.functionError?.cause).toBe("handler");
    expect(outcome.payload.byteLength).toBeGreaterThan(64 * 1024);
    expect((await pool.invoke(request())).functionError?.cause).toBe("handler");
    expect(lab.processesStarted).toBe(1);
  });

  test("a response of 7 MB is refused and the process lives on", async () => {
    const pool = lab.deploy("exports.handler = async (event) => 'x'.repeat(event.size);");
    const outcome = await pool.invoke(request({ size: 7 * 1024 * 1024 }));
    expect(json(outcome)).toEqual({
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      errorType: "Function.ResponseSizeTooLarge",
    });
    expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "responseTooLarge" });
    expect((await pool.invoke(request({ size: 6_291_554 }))).payload.byteLength).toBe(6_291_556);
    expect(lab.processesStarted).toBe(1);
  });
});

describe("init errors", () => {
  test.for([
    ["syntax error", "exports.handler = (", {}, "Runtime.UserCodeSyntaxError", /^SyntaxError: /],
    [
      "missing module",
      "require('nowhere');",
      {},
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'nowhere'\nRequire stack:\n- .*index\.js/,
    ],
    [
      "missing file",
      "",
      { handler: "absent.handler" },
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'absent'/,
    ],
    [
      "missing handler",
      "exports.other = 1;",
      {},
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    ["no function", "exports.handler = 'text';", {}, "Runtime.HandlerNotFound", /^index\.handler is not a function$/],
    ["bad name", "", { handler: "handler" }, "Runtime.MalformedHandlerName", /^Bad handler$/],
    [
      "path upwards",
      "",
      { handler: "../index.handler" },
      "Runtime.MalformedHandlerName",
      /^'\.\.\/index\.handler' is not a valid handler name\. Use absolute paths/,
    ],
    ["thrown while loading", "throw new RangeError('at init');", {}, "RangeError", /^at init$/],
    [
      "callback on nodejs24.x",
      "exports.handler = (e, c, done) => done();",
      {},
      "Runtime.CallbackHandlerDeprecated",
      /^ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node\.js 24\./,
    ],
    [
      "syntax error on nodejs22.x",
      "exports.handler = (",
      { runtime: "nodejs22.x" },
      "Runtime.UserCodeSyntaxError",
      /^SyntaxError: /,
    ],
  ] as const)("%s", async ([, code, spec, errorType, errorMessage]) => {
    const pool = lab.deploy(code, spec);
    for (let round = 0; round < 2; round += 1) {
      const outcome = await pool.invoke(request());
      expect(json(outcome)).toEqual({
        errorType,
        errorMessage: expect.stringMatching(errorMessage),
        trace: expect.any(Array),
      });
      expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "init" });
    }
    // AWS: the init phase fails, then each invocation initializes again.
    expect(lab.processesStarted).toBe(3);
    expect(pool.environments).toBe(1);
  });
});
