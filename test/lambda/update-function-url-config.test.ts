import {
  CreateFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import type { UpdateFunctionUrlConfigCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const FunctionName = "orders";
const update = (input: Partial<UpdateFunctionUrlConfigCommandInput>) =>
  server.current.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, ...input }));
const get = () => server.current.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, FunctionName);
  const Cors = { AllowOrigins: ["*"], MaxAge: 1 };
  await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE", Cors }));
});

test("what is not given stays; the settings for web pages are replaced together", async () => {
  const before = await get();
  const { emu } = server.current;
  await emu.clock.freeze();
  await emu.clock.advance(1000);
  const answer = await update({ Cors: { AllowOrigins: ["https://app.example"] } });
  expect(answer).toMatchObject({
    FunctionUrl: before.FunctionUrl,
    AuthType: "NONE",
    Cors: { AllowOrigins: ["https://app.example"] },
    CreationTime: before.CreationTime,
  });
  expect(answer.Cors).not.toHaveProperty("MaxAge");
  expect(answer).not.toHaveProperty("InvokeMode");
  expect(Date.parse(answer.LastModifiedTime ?? "")).toBeGreaterThan(Date.parse(before.CreationTime ?? ""));
  expect(await update({ AuthType: "AWS_IAM" })).toMatchObject({ AuthType: "AWS_IAM", Cors: answer.Cors });
});

test("the mode is told to those who give one, and holds for the next request", async () => {
  const { FunctionUrl = "", ...answer } = await update({ InvokeMode: "RESPONSE_STREAM" });
  expect(answer.InvokeMode).toBe("RESPONSE_STREAM");
  expect(await get()).toMatchObject({ InvokeMode: "RESPONSE_STREAM" });
  const streamed = await fetch(FunctionUrl, { method: "POST" });
  expect(await streamed.json()).toHaveProperty("version", "2.0");
});

test("refused: what is not there", async () => {
  const noFunction = awsError("ResourceNotFoundException", "Function does not exist", 404);
  await expect(update({ FunctionName: "nobody" })).rejects.toMatchObject(noFunction);
  await expect(update({ Qualifier: "nobody" })).rejects.toMatchObject(noFunction);
  await createFunction(server.current.lambda, "without");
  await expect(update({ FunctionName: "without" })).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404),
  );
});
