import { GetFunctionCommand, ListTagsCommand, TagResourceCommand } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { createMapped } from "./mapping-api.ts";

const server = lambdaServer();
const mappingArn = (uuid: string) => `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`;
const nobody = mappingArn("00000000-0000-4000-8000-000000000000");
const tag = (Resource: string, Tags: Record<string, string>) =>
  server.current.lambda.send(new TagResourceCommand({ Resource, Tags }));
const tagsOf = async (Resource: string) => (await server.current.lambda.send(new ListTagsCommand({ Resource }))).Tags;
const numbered = (first: number, last: number) =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, index) => [`key-${first + index}`, ""]));

beforeAll(() => createFunction(server.current.lambda, "orders", { Tags: { team: "a" } }));

test("a function's tags are added to and replaced, and make a new revision", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "tagged", { Tags: { team: "a", stage: "test" } });
  await emu.idle();
  const before = await lambda.send(new GetFunctionCommand({ FunctionName: "tagged" }));
  const path = `/2017-03-31/tags/${encodeURIComponent(arnOf("tagged"))}`;
  const reply = await call(emu, "POST", path, { Tags: { team: "b", owner: "" } });
  expect(reply).toMatchObject({ status: 204, text: "" });
  const after = await lambda.send(new GetFunctionCommand({ FunctionName: "tagged" }));
  expect(after.Tags).toEqual({ team: "b", stage: "test", owner: "" });
  expect(after.Configuration?.RevisionId).not.toBe(before.Configuration?.RevisionId);
});

test("a version that was published before keeps its revision", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "published", { Publish: true });
  await server.current.emu.idle();
  const version = { FunctionName: "published", Qualifier: "1" };
  const before = await lambda.send(new GetFunctionCommand(version));
  await tag(arnOf("published"), { team: "a" });
  const after = await lambda.send(new GetFunctionCommand(version));
  expect(after.Configuration?.RevisionId).toBe(before.Configuration?.RevisionId);
});

test("a mapping's tags are added to, and no call on the mapping shows them", async () => {
  const { emu } = server.current;
  const UUID = await createMapped(server.current, "mapped", { Tags: { team: "a" } });
  await tag(mappingArn(UUID), { stage: "test" });
  expect(await tagsOf(mappingArn(UUID))).toEqual({ team: "a", stage: "test" });
  const reply = await call(emu, "GET", `/2015-03-31/event-source-mappings/${UUID}`);
  expect(JSON.parse(reply.text)).not.toHaveProperty("Tags");
});

test("fifty is the most, and one more changes nothing", async () => {
  await createFunction(server.current.lambda, "full", { Tags: numbered(1, 49) });
  await tag(arnOf("full"), { "key-1": "b", "key-50": "" });
  await expect(tag(arnOf("full"), { "key-1": "c", "key-51": "" })).rejects.toMatchObject(
    awsError("InvalidParameterValueException", "Number of tags exceeds resource tag limit."),
  );
  expect(await tagsOf(arnOf("full"))).toEqual({ ...numbered(1, 50), "key-1": "b" });
});

test("a function cannot be created with more", async () => {
  const creation = createFunction(server.current.lambda, "too-full", { Tags: numbered(1, 51) });
  await expect(creation).rejects.toMatchObject(
    awsError("InvalidParameterValueException", "Number of tags exceeds resource tag limit."),
  );
});

describe("refused", () => {
  const tooLong = (what: string, rule: string) =>
    awsError(
      "ValidationException",
      `1 validation error detected: Value at 'tags' failed to satisfy constraint: Map ${what} must satisfy constraint: [${rule}]`,
    );

  test.each<[string, string, Record<string, string>, object]>([
    [
      "no tags",
      arnOf("orders"),
      {},
      awsError("InvalidParameterValueException", "An error occurred and the request cannot be processed."),
    ],
    [
      "a function that does not exist",
      arnOf("nobody"),
      { a: "b" },
      awsError("ResourceNotFoundException", `Function not found: ${arnOf("nobody")}`, 404),
    ],
    [
      "a version, even of a function that does not exist",
      `${arnOf("nobody")}:1`,
      { a: "b" },
      awsError(
        "InvalidParameterValueException",
        "Tags on function aliases and versions are not supported. Please specify a function ARN.",
      ),
    ],
    [
      "a mapping that does not exist",
      nobody,
      { a: "b" },
      awsError("ResourceNotFoundException", `Event source mapping not found: ${nobody}`, 404),
    ],
    [
      "a key of AWS's own",
      arnOf("orders"),
      { "aws:team": "b" },
      awsError("InvalidParameterValueException", "aws: prefixed tag key names are not allowed for external use."),
    ],
    [
      "a key that is too long",
      arnOf("orders"),
      { ["k".repeat(129)]: "" },
      tooLong(
        "keys",
        "Member must have length less than or equal to 128, Member must have length greater than or equal to 1",
      ),
    ],
    [
      "a value that is too long",
      arnOf("orders"),
      { a: "v".repeat(257) },
      tooLong("value", "Member must have length less than or equal to 256"),
    ],
    [
      "what has no tags here",
      "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdefg",
      { a: "b" },
      awsError("NotImplementedException", expect.stringContaining("not implemented by LocalEmu"), 501),
    ],
    [
      "no function's or mapping's ARN",
      "arn:aws:lambda:us-east-1:000000000000:layer:a",
      { a: "b" },
      awsError("ValidationException", expect.stringContaining("at 'resource' failed to satisfy constraint")),
    ],
  ])("%s", async (_, resource, tags, error) => {
    await expect(tag(resource, tags)).rejects.toMatchObject(error);
    expect(await tagsOf(arnOf("orders"))).toEqual({ team: "a" });
  });
});
