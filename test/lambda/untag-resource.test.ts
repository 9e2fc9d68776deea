import { ListTagsCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { createMapped } from "./mapping-api.ts";

const server = lambdaServer();
const untag = (Resource: string, TagKeys: string[]) =>
  server.current.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
const tagsOf = async (Resource: string) => (await server.current.lambda.send(new ListTagsCommand({ Resource }))).Tags;

test("the tags of the keys are removed from a function; keys that it has not are passed over", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders", { Tags: { team: "a", stage: "test", owner: "b" } });
  const path = `/2017-03-31/tags/${encodeURIComponent(arnOf("orders"))}?tagKeys=team&tagKeys=owner&tagKeys=nothing`;
  expect(await call(emu, "DELETE", path)).toMatchObject({ status: 204, text: "" });
  expect(await tagsOf(arnOf("orders"))).toEqual({ stage: "test" });
});

test("the tags of the keys are removed from a mapping", async () => {
  const UUID = await createMapped(server.current, "mapped", { Tags: { team: "a", stage: "test" } });
  const resource = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`;
  await untag(resource, ["team", "stage"]);
  expect(await tagsOf(resource)).toEqual({});
});

test("a call without keys is refused", async () => {
  await createFunction(server.current.lambda, "kept", { Tags: { team: "a" } });
  await expect(untag(arnOf("kept"), [])).rejects.toMatchObject(
    awsError(
      "ValidationException",
      "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    ),
  );
  expect(await tagsOf(arnOf("kept"))).toEqual({ team: "a" });
});

test("a function that does not exist is refused", async () => {
  await expect(untag(arnOf("nobody"), ["team"])).rejects.toMatchObject(
    awsError("ResourceNotFoundException", `Function not found: ${arnOf("nobody")}`, 404),
  );
});
