import {
  CreateAliasCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  paginateListEventSourceMappings,
  PublishVersionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { ListEventSourceMappingsCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { createMapped, createMapping, createPair, mappingsPath, streamArn } from "./mapping-api.ts";

const server = lambdaServer();
const uuids: Record<string, string> = {};

async function list(input: ListEventSourceMappingsCommandInput) {
  const { EventSourceMappings = [] } = await server.current.lambda.send(new ListEventSourceMappingsCommand(input));
  return EventSourceMappings.map(({ UUID }) => UUID);
}

beforeAll(async () => {
  for (const name of ["fn", "fn-2", "other"]) uuids[name] = await createMapped(server.current, name);
  await createPair(server.current, "more");
  const change = { EventSourceArn: streamArn("more"), FunctionName: "fn:$LATEST" };
  const { UUID = "" } = await createMapping(server.current, "fn", change);
  uuids["fn:$LATEST"] = UUID;
});

test("all are listed, with the members that one has by itself", async () => {
  const { emu } = server.current;
  const reply = await call(emu, "GET", mappingsPath);
  expect(reply.status).toBe(200);
  const { EventSourceMappings, ...rest } = JSON.parse(reply.text);
  expect(rest).toEqual({});
  expect(EventSourceMappings).toHaveLength(4);
  const one = await call(emu, "GET", `${mappingsPath}/${uuids["fn-2"]}`);
  expect(EventSourceMappings).toContainEqual(JSON.parse(one.text));
});

describe("by function", () => {
  test("a name is a whole name, in every form", async () => {
    for (const FunctionName of addressesOf("fn")) {
      expect(await list({ FunctionName })).toEqual([uuids["fn"], uuids["fn:$LATEST"]]);
    }
  });

  test("a qualifier must be the mapping's", async () => {
    expect(await list({ FunctionName: "fn:$LATEST" })).toEqual([uuids["fn:$LATEST"]]);
    expect(await list({ FunctionName: `${arnOf("fn")}:1` })).toEqual([]);
  });

  test("versions and aliases have mappings of their own, beside the function's", async () => {
    const { emu, lambda } = server.current;
    const made = [await createMapped(server.current, "versioned")];
    await lambda.send(new PublishVersionCommand({ FunctionName: "versioned" }));
    await lambda.send(new CreateAliasCommand({ FunctionName: "versioned", Name: "live", FunctionVersion: "1" }));
    for (const qualifier of ["1", "live"]) {
      const FunctionName = `${arnOf("versioned")}:${qualifier}`;
      const { UUID = "", FunctionArn } = await createMapping(server.current, "versioned", { FunctionName });
      expect(FunctionArn).toBe(FunctionName);
      made.push(UUID);
    }
    await emu.idle();
    expect(await list({ FunctionName: "versioned" })).toEqual(made);
    expect(await list({ FunctionName: "versioned:1" })).toEqual([made[1]]);
    expect(await list({ FunctionName: "versioned:live" })).toEqual([made[2]]);
    await expect(createMapping(server.current, "versioned", { FunctionName: "versioned:live" })).rejects.toMatchObject(
      awsError("ResourceConflictException", expect.stringContaining(`(" versioned ") provided`), 409),
    );
  });

  test("one that does not exist has none", async () => {
    expect(await list({ FunctionName: "nobody" })).toEqual([]);
  });
});

test("by event source, and by both", async () => {
  await createFunction(server.current.lambda, "second");
  const { UUID } = await createMapping(server.current, "other", { FunctionName: "second" });
  const EventSourceArn = streamArn("other");
  expect(await list({ EventSourceArn })).toEqual([uuids["other"], UUID]);
  expect(await list({ EventSourceArn, FunctionName: "second" })).toEqual([UUID]);
  expect(await list({ EventSourceArn: streamArn("nowhere") })).toEqual([]);
});

test("filters that a key would encrypt are left out of a list, and out of nothing else", async () => {
  const encrypted = {
    KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a",
    FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] },
  };
  const UUID = await createMapped(server.current, "encrypted", encrypted);
  const { lambda } = server.current;
  expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject(encrypted);
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: "encrypted" }),
  );
  expect(EventSourceMappings).toMatchObject([{ UUID, KMSKeyArn: encrypted.KMSKeyArn }]);
  expect(EventSourceMappings[0]).not.toHaveProperty("FilterCriteria");
});

test("pages make the whole list", async () => {
  const all = await list({});
  const paged: (string | undefined)[] = [];
  const sizes: number[] = [];
  for await (const page of paginateListEventSourceMappings({ client: server.current.lambda, pageSize: 2 }, {})) {
    const mappings = page.EventSourceMappings ?? [];
    sizes.push(mappings.length);
    paged.push(...mappings.map(({ UUID }) => UUID));
  }
  expect(paged).toEqual(all);
  expect(Math.max(...sizes)).toBe(2);
});

test("a page goes on where the last one ended, whatever was deleted since", async () => {
  const { lambda, emu } = server.current;
  const made: string[] = [];
  await createPair(server.current, "paged");
  for (const name of ["paged-1", "paged-2", "paged-3"]) {
    await createPair(server.current, name);
    const { UUID = "" } = await createMapping(server.current, "paged", { EventSourceArn: streamArn(name) });
    made.push(UUID);
  }
  await emu.idle();
  const page = (Marker?: string) =>
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "paged", MaxItems: 1, Marker }));
  const { EventSourceMappings, NextMarker } = await page();
  expect(EventSourceMappings).toMatchObject([{ UUID: made[0] }]);
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID: made[1] }));
  await emu.idle();
  expect(await page(NextMarker)).toMatchObject({ EventSourceMappings: [{ UUID: made[2] }] });
});

test("a marker that no page gave is refused", async () => {
  await expect(list({ Marker: "nowhere" })).rejects.toMatchObject(
    awsError("InvalidParameterValueException", "Invalid Marker"),
  );
});

test.each([
  [0, "greater than or equal to 1"],
  [10_001, "less than or equal to 10000"],
])("MaxItems %i is refused", async (MaxItems, rule) => {
  await expect(list({ MaxItems })).rejects.toMatchObject(
    awsError(
      "ValidationException",
      `1 validation error detected: Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must have value ${rule}`,
    ),
  );
});

test("another region has none", async () => {
  const elsewhere = new LambdaClient({ ...server.current.emu.getClientConfig(), region: "eu-west-1" });
  expect((await elsewhere.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
});
