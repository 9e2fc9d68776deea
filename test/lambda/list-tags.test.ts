import { LambdaClient, ListTagsCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { createMapped } from "./mapping-api.ts";

const server = lambdaServer();
const list = (Resource: string) => server.current.lambda.send(new ListTagsCommand({ Resource }));
const mappingArn = (uuid: string, region = "us-east-1") =>
  `arn:aws:lambda:${region}:000000000000:event-source-mapping:${uuid}`;

test("the tags that a function was created with", async () => {
  await createFunction(server.current.lambda, "orders", { Tags: { team: "a", empty: "" } });
  const reply = await call(server.current.emu, "GET", `/2017-03-31/tags/${encodeURIComponent(arnOf("orders"))}`);
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({ Tags: { team: "a", empty: "" } });
});

test("what has no tags has an empty list of them", async () => {
  const UUID = await createMapped(server.current, "plain");
  expect((await list(arnOf("plain"))).Tags).toEqual({});
  expect((await list(mappingArn(UUID))).Tags).toEqual({});
});

test("the tags that a mapping was created with", async () => {
  const UUID = await createMapped(server.current, "mapped", { Tags: { team: "a" } });
  expect((await list(mappingArn(UUID))).Tags).toEqual({ team: "a" });
});

test("another region does not know them", async () => {
  const UUID = await createMapped(server.current, "regional", { Tags: { team: "a" } });
  const elsewhere = new LambdaClient({ ...server.current.emu.getClientConfig(), region: "eu-west-1" });
  for (const arn of [mappingArn(UUID), mappingArn(UUID, "eu-west-1")]) {
    await expect(elsewhere.send(new ListTagsCommand({ Resource: arn }))).rejects.toMatchObject(
      awsError("ResourceNotFoundException", `Event source mapping not found: ${arn}`, 404),
    );
  }
  await expect(elsewhere.send(new ListTagsCommand({ Resource: arnOf("regional") }))).rejects.toMatchObject(
    awsError(
      "ResourceNotFoundException",
      "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
      404,
    ),
  );
});

test("a version has none of its own", async () => {
  await createFunction(server.current.lambda, "versioned");
  await expect(list(`${arnOf("versioned")}:$LATEST`)).rejects.toMatchObject(
    awsError(
      "InvalidParameterValueException",
      "Tags on function aliases and versions are not supported. Please specify a function ARN.",
    ),
  );
});
