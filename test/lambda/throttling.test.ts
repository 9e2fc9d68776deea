import { InvokeCommand, LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { lambdaWorld } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { scriptedRuntime } from "./scripted-runtime.ts";
import type { ScriptedRuntime } from "./scripted-runtime.ts";
import { zipOf } from "./zips.ts";

describe("over the wire", () => {
  const server = lambdaServer();

  test("a function that reserves nothing for itself is throttled, with AWS's error", async () => {
    const { emu, lambda } = server.current;
    await createFunction(lambda, "stopped", { Publish: true });
    const reserve = { FunctionName: "stopped", ReservedConcurrentExecutions: 0 };
    await lambda.send(new PutFunctionConcurrencyCommand(reserve));
    const reply = await call(emu, "POST", "/2015-03-31/functions/stopped:1/invocations", "{}");
    expect(reply.status).toBe(429);
    expect(reply.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
    expect(reply.headers.get("retry-after")).toBe("1");
    expect(JSON.parse(reply.text)).toEqual({
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
      message: "Rate Exceeded.",
    });
    await using impatient = disposable(new LambdaClient({ ...emu.getClientConfig(), maxAttempts: 1 }));
    await expect(impatient.client.send(new InvokeCommand({ FunctionName: "stopped" }))).rejects.toMatchObject({
      ...awsError("TooManyRequestsException", "Rate Exceeded.", 429),
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      retryAfterSeconds: "1",
    });
    await lambda.send(new PutFunctionConcurrencyCommand({ ...reserve, ReservedConcurrentExecutions: 1 }));
    expect(await lambda.send(new InvokeCommand({ FunctionName: "stopped" }))).toMatchObject({ StatusCode: 200 });
  });

  function disposable(client: LambdaClient) {
    return { client, [Symbol.asyncDispose]: () => Promise.resolve(client.destroy()) };
  }
});

describe("of what runs at once", () => {
  const request = { region: "eu-west-1", payload: Buffer.from("{}"), source: "test" };
  const throttled = (limit: string) => ({ kind: "notInvoked", reason: "throttled", message: "Rate Exceeded.", limit });
  const ofReserved = throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
  const ofAccount = throttled("ConcurrentInvocationLimitExceeded");

  let runtime: ScriptedRuntime;
  let world: LambdaWorld;

  beforeEach(async () => {
    runtime = scriptedRuntime();
    world = await lambdaWorld({ runtime });
    for (const name of ["orders", "other"]) {
      await world.create(name, zipOf({ "index.js": "1" }), { Publish: true });
    }
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const invoke = (functionName: string) => world.lambda.invokeFunction({ ...request, functionName });
  const answerAll = () => {
    for (const pool of runtime.pools) while (pool.running > 0) pool.answer();
  };
  const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
    world.lambda.operations.PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions }, world.call());

  test("a reservation is shared by all versions, and free again as invocations end", async () => {
    await reserve("orders", 2);
    const running = [invoke("orders"), invoke("orders:1")];
    expect(await invoke("orders")).toEqual(ofReserved);
    expect(await invoke("orders:1")).toEqual(ofReserved);
    runtime.pools[0]?.answer();
    expect(await running[0]).toMatchObject({ kind: "success" });
    running.push(invoke("orders:1"));
    expect(await invoke("orders")).toEqual(ofReserved);
    answerAll();
    expect(await Promise.all(running)).toHaveLength(3);
  });

  test("a reservation that is lowered throttles what comes, and lets run what runs", async () => {
    const running = [invoke("orders"), invoke("orders")];
    await reserve("orders", 1);
    expect(await invoke("orders")).toEqual(ofReserved);
    runtime.pools[0]?.answer();
    expect(await running[0]).toMatchObject({ kind: "success" });
    expect(await invoke("orders")).toEqual(ofReserved);
    answerAll();
    expect(await running[1]).toMatchObject({ kind: "success" });
    const next = invoke("orders");
    answerAll();
    expect(await next).toMatchObject({ kind: "success" });
  });

  test("what one function reserves the others lack, whether or not it is used", async () => {
    await reserve("orders", 900);
    const others = Array.from({ length: 100 }, () => invoke("other"));
    expect(await invoke("other")).toEqual(ofAccount);
    const reserved = invoke("orders");
    await world.lambda.operations.DeleteFunctionConcurrency({ FunctionName: "orders" }, world.call());
    const more = Array.from({ length: 899 }, () => invoke("other"));
    expect(await invoke("other")).toEqual(ofAccount);
    expect(await invoke("orders")).toEqual(ofAccount);
    answerAll();
    const ended = await Promise.all([...others, reserved, ...more]);
    expect(ended.every(({ kind }) => kind === "success")).toBe(true);
  });

  test("regions have their own", async () => {
    await reserve("orders", 0);
    const fromElsewhere = world.call({ region: "us-east-1" });
    await world.lambda.operations.CreateFunction(
      {
        FunctionName: "orders",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "r",
        Code: { ZipFile: zipOf({ "index.js": "1" }) },
      },
      fromElsewhere,
    );
    const elsewhere = world.lambda.invokeFunction({ ...request, region: "us-east-1", functionName: "orders" });
    answerAll();
    expect(await elsewhere).toMatchObject({ kind: "success" });
    expect(await invoke("orders")).toEqual(ofReserved);
  });
});
