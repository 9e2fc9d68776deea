import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, type CreateFunctionCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, toQueue } from "../event-source-mappings/mapped-stream.ts";
import { createFunction } from "./lambda-api.ts";
import { publishLayer } from "./layers-api.ts";
import { zipOf } from "./zips.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const python = (code: string, change: Partial<CreateFunctionCommandInput> = {}) =>
  ({
    Runtime: "python3.13",
    Handler: "app.handler",
    Code: { ZipFile: zipOf({ "app.py": code }) },
    ...change,
  }) satisfies Partial<CreateFunctionCommandInput>;

async function invoke(FunctionName: string, event: unknown = {}) {
  const answer = await server.lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: "Tail" }),
  );
  return {
    error: answer.FunctionError,
    text: Buffer.from(answer.Payload ?? []).toString(),
    log: Buffer.from(answer.LogResult ?? "", "base64").toString(),
  };
}

describe("a function for Python", () => {
  test("is made, invoked and described as on AWS, and finds its layers", async () => {
    const layer = await publishLayer(server.lambda, "greetings", {
      "python/greetings.py": "def greet(name):\n    return f'hello {name}'",
    });
    const code = `
import os, greetings
def handler(event, context):
    print("greeting", event["name"])
    return {"text": greetings.greet(event["name"]), "environment": os.environ["AWS_EXECUTION_ENV"], "arn": context.invoked_function_arn}`;
    const created = await createFunction(
      server.lambda,
      "greeter",
      python(code, { Layers: [layer.LayerVersionArn ?? ""] }),
    );
    expect(created).toMatchObject({ Runtime: "python3.13", Handler: "app.handler" });
    const { text, log } = await invoke("greeter", { name: "wörld" });
    expect(JSON.parse(text)).toEqual({
      text: "hello wörld",
      environment: "AWS_Lambda_python3.13",
      arn: "arn:aws:lambda:us-east-1:000000000000:function:greeter",
    });
    expect(log).toContain("\ngreeting wörld\n");
    const found = await server.logs.send(
      new FilterLogEventsCommand({ logGroupName: "/aws/lambda/greeter", filterPattern: "greeting" }),
    );
    expect(found.events?.map(({ message }) => message)).toEqual(["greeting wörld\n"]);
  });

  test("that raises answers with the error as AWS's runtime has it", async () => {
    await createFunction(server.lambda, "raises", python("def handler(event, context):\n    raise KeyError('order')"));
    const { error, text, log } = await invoke("raises");
    expect(error).toBe("Unhandled");
    expect(JSON.parse(text)).toEqual({
      errorMessage: "'order'",
      errorType: "KeyError",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stackTrace: [expect.stringMatching(/app\.py", line 2, in handler\n/)],
    });
    expect(log).toContain("[ERROR] KeyError: 'order'\nTraceback (most recent call last):\n");
  });

  test("that takes too long is ended, and the next event has a new process", async () => {
    const code = `
import time
def handler(event, context):
    while event.get("wait"):
        time.sleep(60)
    return context.get_remaining_time_in_millis() <= 1000`;
    await createFunction(server.lambda, "slow", python(code, { Timeout: 1 }));
    const slow = await invoke("slow", { wait: true });
    expect(JSON.parse(slow.text)).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
    });
    expect((await invoke("slow")).text).toBe("true");
  });

  test("reports the records of a batch that failed, and only these come again", async () => {
    await using world = await mappedStream(server);
    const code = `
import base64, json
def handler(event, context):
    failed = []
    for record in event["Records"]:
        order = json.loads(base64.b64decode(record["kinesis"]["data"]))
        if order["id"] == 2:
            failed.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
            break
    return {"batchItemFailures": failed}`;
    await createFunction(world.clients.lambda, "python-orders", python(code));
    await world.map({
      FunctionName: "python-orders",
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRetryAttempts: 1,
      DestinationConfig: toQueue,
    });
    await world.put({ id: 1 }, { id: 2 });
    await world.emu.idle();
    const [report = ""] = await world.reports();
    expect(JSON.parse(report)).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      KinesisBatchInfo: { batchSize: 1 },
    });
    expect(await world.events("function.invoked")).toHaveLength(3);
  });

  test("can be made without a Python; who invokes it is told what to do", async () => {
    vi.stubEnv("PATH", "/nowhere");
    try {
      await createFunction(server.lambda, "stranded", python("def handler(event, context):\n    return 1"));
      const { error, text, log } = await invoke("stranded");
      expect(error).toBe("Unhandled");
      const advice =
        "LocalEmu found no Python to run a function of the runtime python3.13: install python3 where LocalEmu runs, " +
        "or have a Docker engine run it, with the option docker (LOCALEMU_DOCKER=1)";
      expect(JSON.parse(text)).toEqual({
        errorType: "Runtime.InvalidEntrypoint",
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: LocalEmu found no Python/),
      });
      expect(text).toContain(advice);
      expect(log).toContain("neither python3.13 nor python3 on the path, which is /nowhere\n");
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
