import { ListLayerVersionsCommand } from "@aws-sdk/client-lambda";
import type { ListLayerVersionsCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";

const server = lambdaServer();
const list = async (input: Partial<ListLayerVersionsCommandInput> = {}) => {
  const page = await server.current.lambda.send(new ListLayerVersionsCommand({ LayerName: "tools", ...input }));
  return { versions: page.LayerVersions?.map(({ Version }) => Version), NextMarker: page.NextMarker };
};

beforeAll(async () => {
  const { lambda } = server.current;
  for (const runtime of ["nodejs24.x", "nodejs22.x", "nodejs24.x"] as const)
    await publishLayer(lambda, "tools", undefined, { CompatibleRuntimes: [runtime] });
});

test("the newest first, by name or ARN", async () => {
  expect(await list()).toEqual({ versions: [3, 2, 1], NextMarker: undefined });
  expect(await list({ LayerName: layerArnOf("tools") })).toMatchObject({ versions: [3, 2, 1] });
});

test("page by page, and for a runtime", async () => {
  const first = await list({ MaxItems: 2 });
  expect(first.versions).toEqual([3, 2]);
  expect((await list({ Marker: first.NextMarker })).versions).toEqual([1]);
  expect((await list({ CompatibleRuntime: "nodejs24.x" })).versions).toEqual([3, 1]);
});

test("none of a layer that does not exist", async () => {
  expect(await list({ LayerName: "nothing" })).toEqual({ versions: [], NextMarker: undefined });
});
