import { afterEach, beforeEach, expect, test } from "vitest";
import { json, Lab, request, text } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

test("a response may be as long as it is told, and the error names the limit", async () => {
  const code = "exports.handler = async (length) => 'x'.repeat(length);";
  const pool = lab.deploy(code, { maxResponseBytes: 102 });
  expect(json(await pool.invoke(request(100)))).toHaveLength(100);
  const outcome = await pool.invoke(request(101));
  expect(outcome.functionError?.cause).toBe("responseTooLarge");
  expect(json(outcome)).toEqual({
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: "Response payload size exceeded maximum allowed payload size (102 bytes).",
  });
});

test("what is logged shortly after the response belongs to the invocation, with a wait after it", async () => {
  const code = "exports.handler = async () => void setTimeout(() => console.log('afterthought'), 1);";
  const pool = lab.deploy(code, { postInvokeWaitMs: 500 });
  expect((await pool.invoke(request())).logTail).toMatch(/afterthought\n(.*\n)*END RequestId/);
});

test("a function with a debugger has no time limits and one environment", async () => {
  const limited = new Lab({ startTimeoutMs: 1, initTimeoutMs: 1 });
  try {
    const slow = "for (const end = Date.now() + 50; Date.now() < end; );";
    const code = `${slow} exports.handler = async () => { ${slow} return process.pid; };`;
    const pool = limited.deploy(code, { debug: true, timeoutMs: 1 });
    const [first, second] = await Promise.all([pool.invoke(request()), pool.invoke(request())]);
    expect([first.functionError, second.functionError]).toEqual([undefined, undefined]);
    expect(json(second)).toBe(json(first));
    expect(pool.environments).toBe(1);
  } finally {
    await limited.dispose();
  }
});

test("a stream of a function with a debugger has no time limit", async () => {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.write("one,");
    for (const end = Date.now() + 50; Date.now() < end; );
    await new Promise((resolve) => setImmediate(resolve));
    stream.end("two");
  });`;
  const outcome = await lab.deploy(code, { debug: true, timeoutMs: 1 }).invoke(request());
  expect([outcome.functionError, text(outcome)]).toEqual([undefined, "one,two"]);
});
