import {
  GetFunctionRecursionConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionRecursionConfigCommand,
} from "@aws-sdk/client-lambda";
import type { RecursiveLoop } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const put = (FunctionName: string, RecursiveLoop: RecursiveLoop) =>
  server.current.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }));

/** Answers with its trace, and begins anew until it is stopped. */
const looping = zipOf({
  "index.mjs": `export const handler = async ({ left }) => {
    if (left > 0) await fetch(process.env.AWS_ENDPOINT_URL + "/2015-03-31/functions/looping/invocations", {
      method: "POST",
      headers: { "x-amz-invocation-type": "Event", "x-amzn-trace-id": process.env._X_AMZN_TRACE_ID },
      body: JSON.stringify({ left: left - 1 }),
    });
    return process.env._X_AMZN_TRACE_ID;
  };`,
});

beforeAll(async () => {
  await createFunction(server.current.lambda, "orders");
  await createFunction(server.current.lambda, "looping", { Code: { ZipFile: looping } });
});

test("what is put is told", async () => {
  expect(await put("orders", "Allow")).toMatchObject({ RecursiveLoop: "Allow" });
  const get = new GetFunctionRecursionConfigCommand({ FunctionName: "orders" });
  expect(await server.current.lambda.send(get)).toMatchObject({ RecursiveLoop: "Allow" });
});

test("a function that invokes itself is stopped after 16 times, unless it may", async () => {
  const { emu } = server.current;
  const fn = emu.function("looping");
  const begin = async () => {
    const before = (await fn.invocations()).length;
    await fn.invoke({ left: 20 });
    await emu.idle();
    return (await fn.invocations()).length - before;
  };
  expect(await begin()).toBe(16);
  const dropped = (await emu.timeline()).filter(({ type }) => type === "function.eventDropped");
  expect(dropped).toMatchObject([{ functionName: "looping", condition: "RecursiveInvocation" }]);
  await put("looping", "Allow");
  expect(await begin()).toBe(21);
});

test("who waits for an answer is told of the loop", async () => {
  await put("orders", "Terminate");
  const client = new LambdaClient(server.current.emu.getClientConfig());
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256").update(arnOf("orders")).digest("hex").slice(0, 8);
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign(Object(args.request).headers, { "x-amzn-trace-id": `Root=1-2-3;Lineage=1:${hash}:15` });
      return next(args);
    },
    { step: "build" },
  );
  await expect(client.send(new InvokeCommand({ FunctionName: "orders" }))).rejects.toMatchObject(
    awsError("RecursiveInvocationException", expect.stringContaining("recursive loop")),
  );
  client.destroy();
});

test("a function that does not exist", async () => {
  await expect(put("nobody", "Allow")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
