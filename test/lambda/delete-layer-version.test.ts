import {
  DeleteLayerVersionCommand,
  GetLayerVersionCommand,
  ListLayersCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { awsError, createFunction, lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const remove = (LayerName: string, VersionNumber: number) =>
  server.current.lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber }));

test("it is gone, functions keep it, and its number is not given again", async () => {
  const { emu, lambda } = server.current;
  await publishLayer(lambda, "tools", { "nodejs/node_modules/tool/index.js": "module.exports = 'kept';" });
  const Layers = [`${layerArnOf("tools")}:1`];
  const source = "exports.handler = async () => require('tool');";
  await createFunction(lambda, "keeps", { Code: { ZipFile: zipOf({ "index.js": source }) }, Layers });
  expect((await remove("tools", 1)).$metadata.httpStatusCode).toBe(204);
  expect((await remove("tools", 1)).$metadata.httpStatusCode).toBe(204);
  await expect(lambda.send(new GetLayerVersionCommand({ LayerName: "tools", VersionNumber: 1 }))).rejects.toMatchObject(
    { name: "ResourceNotFoundException" },
  );
  expect((await lambda.send(new ListLayersCommand({}))).Layers).toEqual([]);
  expect(await emu.function("keeps").invoke()).toMatchObject({ payload: "kept" });
  const change = { FunctionName: "keeps", Timeout: 9 };
  expect(await lambda.send(new UpdateFunctionConfigurationCommand(change))).toMatchObject({
    Layers: [{ Arn: Layers[0] }],
  });
  await emu.idle();
  await expect(lambda.send(new UpdateFunctionConfigurationCommand({ ...change, Layers }))).rejects.toMatchObject(
    awsError("InvalidParameterValueException", `Layer version ${Layers[0]} does not exist.`),
  );
  expect(await publishLayer(lambda, "tools")).toMatchObject({ Version: 2 });
});

test("there is no version 0", async () => {
  await expect(remove("tools", 0)).rejects.toMatchObject(
    awsError("InvalidParameterValueException", "Layer Version Cannot be less than 1"),
  );
});
