import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetFunctionCommand,
  InvokeCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { awsError, createFunction, lambdaServer } from "./lambda-api.ts";
import { layerArnOf, publishLayer } from "./layers-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const one = `${layerArnOf("one")}:1`;
const two = `${layerArnOf("two")}:1`;

/** Says which modules it finds. */
const source = (name: string) => `exports.handler = async () => ({
  code: ${JSON.stringify(name)},
  found: ["first", "second", "both"].map((name) => {
    try { return require(name); } catch { return null; }
  }),
});`;
const module = (name: string, text: string) => ({
  [`nodejs/node_modules/${name}/index.js`]: `module.exports = ${JSON.stringify(text)};`,
});
const code = (name: string) => ({ ZipFile: zipOf({ "index.js": source(name) }) });
const found = async (name: string) => (await server.current.emu.function(name).invoke()).payload;

beforeAll(async () => {
  const { lambda } = server.current;
  await publishLayer(lambda, "one", { ...module("first", "1"), ...module("both", "of one") });
  await publishLayer(lambda, "two", { ...module("second", "2"), ...module("both", "of two") });
  await publishLayer(lambda, "one", module("first", "new"));
});

test("a function finds what its layers have, the last one's where both have it", async () => {
  const { lambda } = server.current;
  const created = await createFunction(lambda, "orders", { Code: code("a"), Layers: [one, two] });
  expect(created.Layers).toEqual([
    { Arn: one, CodeSize: expect.any(Number) },
    { Arn: two, CodeSize: expect.any(Number) },
  ]);
  expect(await found("orders")).toEqual({ code: "a", found: ["1", "2", "of two"] });
});

test("new code keeps the layers, and a new configuration replaces or keeps them", async () => {
  const { emu, lambda } = server.current;
  const FunctionName = "changes";
  await createFunction(lambda, FunctionName, { Code: code("a"), Layers: [two, one] });
  await emu.idle();
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...code("b") }));
  await emu.idle();
  expect(await found(FunctionName)).toEqual({ code: "b", found: ["1", "2", "of one"] });
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers: [one] }));
  await emu.idle();
  expect(await found(FunctionName)).toEqual({ code: "b", found: ["1", null, "of one"] });
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
  await emu.idle();
  expect(await found(FunctionName)).toEqual({ code: "b", found: ["1", null, "of one"] });
  expect(await found(`${FunctionName}:1`)).toEqual({ code: "b", found: ["1", "2", "of one"] });
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers: [] }));
  await emu.idle();
  expect(await found(FunctionName)).toEqual({ code: "b", found: [null, null, null] });
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  expect(Configuration).not.toHaveProperty("Layers");
});

test("an extension of a layer is told the account, if it asks", async () => {
  const { emu, lambda, logs } = server.current;
  const agent = `#!/usr/bin/env node
    const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2020-01-01/extension";
    (async () => {
      const headers = { "Lambda-Extension-Name": "agent", "Lambda-Extension-Accept-Feature": "accountId" };
      const registered = await fetch(api + "/register", { method: "POST", headers, body: '{"events":["INVOKE"]}' });
      console.log("account " + (await registered.json()).accountId);
      const id = { "Lambda-Extension-Identifier": registered.headers.get("lambda-extension-identifier") };
      for (;;) await fetch(api + "/event/next", { headers: id });
    })();`;
  await publishLayer(lambda, "agent", {}, { Content: { ZipFile: zipOf({ "extensions/agent": agent }, 0o100755) } });
  await createFunction(lambda, "watched", { Layers: [`${layerArnOf("agent")}:1`], Timeout: 10 });
  await emu.idle();
  await lambda.send(new InvokeCommand({ FunctionName: "watched" }));
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/watched" }));
  expect(events.map(({ message }) => message)).toContain("account 000000000000\n");
});

test("layers that have a file and a directory of one name cannot be merged", async () => {
  const { lambda } = server.current;
  await publishLayer(lambda, "with-file", { thing: "a file" });
  await publishLayer(lambda, "with-directory", { "thing/a.txt": "in a directory" });
  for (const order of [
    ["with-file", "with-directory"],
    ["with-directory", "with-file"],
  ]) {
    const Layers = order.map((name) => `${layerArnOf(name)}:1`);
    await expect(createFunction(lambda, "unmerged", { Layers })).rejects.toMatchObject(
      awsError("InvalidParameterValueException", expect.stringContaining("cannot merge these layers")),
    );
  }
});

describe("the limit of what is unpacked", () => {
  // More than a half of it, and it packs well.
  const half = zipOf({ "zeros.bin": new Uint8Array(131_072_001) });
  const layers = ["heavy", "as-heavy"].map((name) => `${layerArnOf(name)}:1`);
  const tooLarge = awsError(
    "InvalidParameterValueException",
    "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 262144002 bytes.",
  );

  beforeAll(async () => {
    for (const name of ["heavy", "as-heavy"])
      await publishLayer(server.current.lambda, name, {}, { Content: { ZipFile: half } });
  });

  test("is that of code and layers together", async () => {
    const { emu, lambda } = server.current;
    const heavy = createFunction(lambda, "too-heavy", { Code: { ZipFile: half }, Layers: layers.slice(0, 1) });
    await expect(heavy).rejects.toMatchObject(tooLarge);
    const FunctionName = "heavy";
    await createFunction(lambda, FunctionName, { Layers: layers.slice(0, 1) });
    await emu.idle();
    const update = lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: half }));
    await expect(update).rejects.toMatchObject(tooLarge);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers: [] }));
    await emu.idle();
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: half }));
    await emu.idle();
    const change = lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers: layers.slice(1) }));
    await expect(change).rejects.toMatchObject(tooLarge);
    expect(await lambda.send(new GetFunctionCommand({ FunctionName }))).not.toHaveProperty("Configuration.Layers");
  });

  test("is that of layers alone, too", async () => {
    await expect(createFunction(server.current.lambda, "layered", { Layers: layers })).rejects.toMatchObject(
      awsError("InvalidParameterValueException", "Layers consume more than the available size of 262144000 bytes"),
    );
  });
});

describe("refused", () => {
  const invalid = (message: string) => awsError("InvalidParameterValueException", message);
  const elsewhere = "arn:aws:lambda:eu-west-1:000000000000:layer:one:1";
  const others = "arn:aws:lambda:us-east-1:111122223333:layer:one:1";

  test.each<[string, string[], object]>([
    ["six", Array.from({ length: 6 }, () => one), invalid("Cannot reference more than 5 layers.")],
    ["one that does not exist", [`${one}7`], invalid(`Layer version ${one}7 does not exist.`)],
    [
      "two versions of one",
      [one, `${layerArnOf("one")}:2`],
      invalid(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${one} and ${layerArnOf("one")}:2 are versions of the same layer.`,
      ),
    ],
    [
      "another region's",
      [elsewhere],
      invalid("Layers are not in the same region as the function. Layers are expected to be in region us-east-1."),
    ],
    [
      "another account's",
      [others],
      invalid(`LocalEmu has no layers of other accounts: publish ${others} in account 000000000000.`),
    ],
  ])("%s", async (_, Layers, error) => {
    await expect(createFunction(server.current.lambda, "refused", { Layers })).rejects.toMatchObject(error);
  });
});
