import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InvokeRequest } from "./contract.ts";
import { json, Lab, request, text, type Files } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeAll(() => {
  lab = new Lab();
});

afterAll(() => lab.dispose());

const invoke = (files: Files | string, change: object = {}, overrides: Partial<InvokeRequest> = {}) =>
  lab.deployPython(files, change).invoke(request({ n: 1 }, overrides));

describe("a handler for Python", () => {
  test.each([
    ["app.handler", "app.py"],
    ["src/app.handler", "src/app.py"],
    ["src.app.handler", "src/app.py"],
  ])("is found as %s", async (handler, file) => {
    const outcome = await invoke({ [file]: "def handler(event, context):\n    return event" }, { handler });
    expect(text(outcome)).toBe('{"n": 1}');
  });

  test("has its own code and layers on its path, before all else, and .pth files there are followed", async () => {
    const code = `
import os, sys, mine, layered
def handler(event, context):
    place = os.environ["LAMBDA_TASK_ROOT"]
    return [mine.VALUE, sys.path.index(place), sys.argv[1:], os.environ["PYTHONPATH"] == os.environ["LAMBDA_RUNTIME_DIR"]]`;
    const optRoot = join(lab.directory, "layer");
    mkdirSync(join(optRoot, "python"), { recursive: true });
    writeFileSync(join(optRoot, "python", "layered.py"), "");
    writeFileSync(join(optRoot, "python", "mine.py"), "raise ImportError('of the layer')");
    const files = {
      "app.py": code,
      "more.pth": "vendored\n",
      "vendored/mine2.py": "",
      "mine.py": "import mine2\nVALUE = 7",
    };
    expect(json(await invoke(files, { optRoot }))).toEqual([7, 0, [], true]);
    // AWS: a PYTHONPATH of the function's own takes the place of the layers (the runtime's bootstrap).
    const own = await invoke("import layered", { optRoot, environment: { PYTHONPATH: "/none" } });
    expect(json(own)).toMatchObject({ errorMessage: "Unable to import module 'app': No module named 'layered'" });
  });

  test("writes nothing beside its code", async () => {
    const code = "import os, other\ndef handler(event, context):\n    return sorted(os.listdir())";
    expect(json(await invoke({ "app.py": code, "other.py": "" }))).toEqual(["app.py", "other.py"]);
  });

  test("keeps its state from event to event, and the trace of each", async () => {
    const pool = lab.deployPython(`
import os
calls = 0
def handler(event, context):
    global calls
    calls += 1
    return [calls, os.environ.get("_X_AMZN_TRACE_ID"), context.aws_request_id]`);
    const traceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    const first = request({}, { traceId });
    expect(json(await pool.invoke(first))).toEqual([
      1,
      expect.stringMatching(/^Root=1-5759e988-bd862e3fe1be46a994272793;/),
      first.requestId,
    ]);
    expect(json(await pool.invoke(request()))).toEqual([2, expect.stringMatching(/^Root=1-/), expect.any(String)]);
  });

  test("is told of its invocation", async () => {
    const code = `
def handler(event, context):
    client = context.client_context
    return {
        "names": [context.function_name, context.function_version, context.memory_limit_in_mb],
        "logs": [context.log_group_name, len(context.log_stream_name) > 0],
        "arn": context.invoked_function_arn,
        "client": [client.client.app_title, client.custom, client.env, hasattr(client, "w3c")],
        "identity": repr(context.identity),
        "tenant": context.tenant_id,
        "trace": context.w3c(),
        "left": 0 < context.get_remaining_time_in_millis() <= 10000,
        "text": repr(context).split(",")[3],
    }`;
    const outcome = await invoke(
      code,
      {},
      {
        clientContext:
          '{"client":{"app_title":"ü"},"custom":{"a":1},"w3c":{"traceparent":"00-1","other":"2","baggage":3}}',
        cognitoIdentity: '{"cognitoIdentityId":"one","cognitoIdentityPoolId":"pool"}',
        tenantId: "blue",
      },
    );
    expect(json(outcome)).toEqual({
      names: ["probe", "$LATEST", "128"],
      logs: ["/aws/lambda/probe", true],
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:probe",
      client: ["ü", { a: 1 }, null, false],
      identity: "CognitoIdentity([cognito_identity_id=one,cognito_identity_pool_id=pool])",
      tenant: "blue",
      trace: { traceparent: "00-1" },
      left: true,
      text: "function_name=probe",
    });
    const plain =
      "def handler(event, context):\n    return [context.client_context, repr(context.identity), context.w3c()]";
    expect(json(await invoke(plain))).toEqual([
      null,
      "CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])",
      {},
    ]);
  });
});

describe("what a handler returns", () => {
  test.each([
    ["None", "null"],
    [
      "{'a': [1, 2.5, True, None], 'é': ('x',), 3: {}, None: []}",
      '{"a": [1, 2.5, true, null], "é": ["x"], "3": {}, "null": []}',
    ],
    ["decimal.Decimal('1.10')", "1.10"],
    ["P(1, b'bytes \\xc3\\xa9')", '{"x": 1, "y": "bytes é"}'],
    ["b'raw \\x00'", "raw \u0000"],
    ["int('9' * 20)", "99999999999999999999"],
  ])("%s is %s", async (value, expected) => {
    expect(text(await invoke(returning(value)))).toBe(expected);
  });

  test("is in ASCII up to python3.11", async () => {
    expect(text(await invoke(returning("'é'"), { runtime: "python3.11" }))).toBe('"\\u00e9"');
  });

  test.each([
    ["datetime.date.today()", "Object of type date is not JSON serializable"],
    ["{1, 2}", "Object of type set is not JSON serializable"],
    ["{(1, 2): 3}", "keys must be str, int, float, bool or None, not tuple"],
    ["float('nan')", "Out of range float values are not JSON compliant: nan"],
    ["circular", "Circular reference detected"],
  ])("%s has no JSON", async (value, message) => {
    const outcome = await invoke(returning(value));
    expect(json(outcome)).toEqual({
      errorMessage: `Unable to marshal response: ${message}`,
      errorType: "Runtime.MarshalError",
      requestId: outcome.requestId,
      stackTrace: [],
    });
  });
});

function returning(value: string): string {
  return `
import collections, datetime, decimal
P = collections.namedtuple("P", "x y")
circular = []
circular.append(circular)
def handler(event, context):
    return ${value}`;
}
