import { ListLayersCommand } from "@aws-sdk/client-lambda";
import type { ListLayersCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const list = (input: ListLayersCommandInput = {}) => server.current.lambda.send(new ListLayersCommand(input));

beforeAll(async () => {
  const { lambda } = server.current;
  await publishLayer(lambda, "b", undefined, { CompatibleRuntimes: ["nodejs24.x"] });
  await publishLayer(lambda, "b", undefined, { CompatibleRuntimes: ["nodejs22.x"] });
  await publishLayer(lambda, "a", undefined, { CompatibleArchitectures: ["arm64"] });
});

test("each with its newest version", async () => {
  const { Layers, NextMarker } = await list();
  expect(Layers).toMatchObject([
    { LayerName: "a", LayerArn: layerArnOf("a"), LatestMatchingVersion: { Version: 1 } },
    { LayerName: "b", LatestMatchingVersion: { Version: 2, LayerVersionArn: `${layerArnOf("b")}:2` } },
  ]);
  expect(NextMarker).toBeUndefined();
});

test("page by page", async () => {
  const { Layers, NextMarker } = await list({ MaxItems: 1 });
  expect(Layers).toMatchObject([{ LayerName: "a" }]);
  expect((await list({ Marker: NextMarker })).Layers).toMatchObject([{ LayerName: "b" }]);
});

test("for a runtime or an architecture", async () => {
  expect((await list({ CompatibleRuntime: "nodejs24.x" })).Layers).toMatchObject([
    { LayerName: "b", LatestMatchingVersion: { Version: 1 } },
  ]);
  expect((await list({ CompatibleArchitecture: "arm64" })).Layers).toMatchObject([{ LayerName: "a" }]);
  expect((await list({ CompatibleRuntime: "python3.13" })).Layers).toEqual([]);
});
