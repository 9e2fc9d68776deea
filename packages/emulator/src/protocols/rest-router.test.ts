import { describe, expect, test } from "vitest";
import { loadModel } from "./service-models.ts";
import { RestRouter } from "./rest-router.ts";

const { schema } = await loadModel("lambda");
const router = new RestRouter(schema.operations.values());
const find = (method: string, path: string, query = "") => {
  const route = router.find(method, path, query);
  return route && [route.operation.name, ...route.labels];
};

test.each([
  ["GET", "/2015-03-31/functions", "", ["ListFunctions"]],
  ["GET", "/2015-03-31/functions/", "", ["ListFunctions"]],
  ["POST", "/2015-03-31/functions", "", ["CreateFunction"]],
  ["GET", "/2015-03-31/functions/f", "Qualifier=1", ["GetFunction", "f"]],
  ["POST", "/2015-03-31/functions/f/invocations", "", ["Invoke", "f"]],
  ["GET", "/2015-03-31/functions/f/aliases/live", "", ["GetAlias", "f", "live"]],
  ["DELETE", "/2015-03-31/functions/f/policy/s", "", ["RemovePermission", "f", "s"]],
  ["GET", "/2019-09-25/functions/f/event-invoke-config", "", ["GetFunctionEventInvokeConfig", "f"]],
  ["GET", "/2019-09-25/functions/f/event-invoke-config/list", "", ["ListFunctionEventInvokeConfigs", "f"]],
  ["GET", "/2018-10-31/layers", "", ["ListLayers"]],
  ["GET", "/2018-10-31/layers", "find=LayerVersion&Arn=a", ["GetLayerVersionByArn"]],
  ["GET", "/2018-10-31/layers", "find=Other", ["ListLayers"]],
  ["GET", "/2019-09-30/functions/f/provisioned-concurrency", "List=ALL", ["ListProvisionedConcurrencyConfigs", "f"]],
  ["GET", "/2019-09-30/functions/f/provisioned-concurrency", "Qualifier=1", ["GetProvisionedConcurrencyConfig", "f"]],
  ["POST", "/2015-03-31/event-source-mappings/", "", ["CreateEventSourceMapping"]],
  ["PUT", "/2015-03-31/event-source-mappings/id", "", ["UpdateEventSourceMapping", "id"]],
])("%s %s?%s is %j", (method, path, query, found) => {
  expect(find(method, path, query)).toEqual(found);
});

describe("labels", () => {
  test("are decoded, slashes too", () => {
    const arn = "arn:aws:lambda:eu-west-1:000000000000:function:f:$LATEST/durable-execution/a/b";
    const found = find("GET", `/2025-12-01/durable-executions/${encodeURIComponent(arn)}`);
    expect(found).toEqual(["GetDurableExecution", arn]);
  });

  test("need not be encoded where nothing asks for it", () => {
    const arn = "arn:aws:lambda:eu-west-1:000000000000:function:f";
    expect(find("GET", `/2015-03-31/functions/${arn}`)).toEqual(["GetFunction", arn]);
  });
});

test.each([
  ["PATCH", "/2015-03-31/functions"],
  ["GET", "/"],
  ["GET", "/2015-03-31"],
  ["GET", "/2015-03-31/functions//"],
  ["GET", "/2015-03-31/functions/%"],
  ["GET", "/2015-03-31/functions/f/nothing"],
])("%s %s is no operation", (method, path) => {
  expect(find(method, path)).toBeUndefined();
});
