import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsError, createFunction, lambdaServer, zip } from "./lambda-api.ts";
import { provision } from "./provisioned-api.ts";

const server = lambdaServer();
let directory: string;

const write = (answer: string) =>
  writeFile(join(directory, "index.js"), `exports.handler = async () => ${JSON.stringify(answer)};`);
const answer = async (name: string) => (await server.current.emu.function(name).invoke()).payload;
const code = () => ({ S3Bucket: "hot-reload", S3Key: directory });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hot-reload-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test("the next invocation runs what was saved", async () => {
  await write("first");
  await createFunction(server.current.lambda, "live", { Code: code() });
  expect(await answer("live")).toBe("first");
  expect(await answer("live")).toBe("first");
  await write("the second");
  expect(await answer("live")).toBe("the second");
  await writeFile(join(directory, "index.js"), "exports.handler = require('./third.js');");
  await writeFile(join(directory, "third.js"), "module.exports = async () => 3;");
  expect(await answer("live")).toBe(3);
});

test("environments that are there before anybody invokes run what was saved after they were made", async () => {
  const { emu, lambda } = server.current;
  await write("made");
  await createFunction(lambda, "ready", { Code: code(), Publish: true });
  await provision(lambda, "ready", "1", 1);
  await emu.idle();
  await write("saved after that");
  const invoked = await lambda.send(new InvokeCommand({ FunctionName: "ready", Qualifier: "1" }));
  expect(invoked.Payload?.transformToString()).toBe('"saved after that"');
});

test("what a link leads to is followed, and where it leads", async () => {
  const targets = ["one", "two"].map((name) => `${directory}-${name}`);
  for (const target of targets) {
    await mkdir(target);
    await writeFile(join(target, "answer.js"), `module.exports = ${JSON.stringify(target)};`);
  }
  const link = async (target = "") => {
    await rm(join(directory, "linked"), { force: true });
    await symlink(target, join(directory, "linked"));
  };
  await link(targets[0]);
  await writeFile(join(directory, "index.js"), "exports.handler = async () => require('./linked/answer.js');");
  await createFunction(server.current.lambda, "linking", { Code: code() });
  expect(await answer("linking")).toBe(targets[0]);
  await writeFile(join(targets[0] ?? "", "answer.js"), "module.exports = 'changed';");
  expect(await answer("linking")).toBe("changed");
  await link(targets[1]);
  expect(await answer("linking")).toBe(targets[1]);
  for (const target of targets) await rm(target, { recursive: true });
});

test("an environment is kept while nothing changes", async () => {
  await writeFile(join(directory, "index.js"), "let n = 0; exports.handler = async () => ++n;");
  await createFunction(server.current.lambda, "counting", { Code: code() });
  expect([await answer("counting"), await answer("counting")]).toEqual([1, 2]);
});

test("a function goes from a zip to a directory and back, and leaves it alone", async () => {
  const { emu, lambda } = server.current;
  await write("from the directory");
  await createFunction(lambda, "both");
  await emu.idle();
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "both", ...code() }));
  await emu.idle();
  expect(await answer("both")).toBe("from the directory");
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "both", ZipFile: zip }));
  await emu.idle();
  expect(await answer("both")).toEqual({});
  expect(await answer("live")).toBe("from the directory");
});

test.each(["src/function", "/nowhere/at/all"])("%s is no directory that could be followed", async (S3Key) => {
  const create = createFunction(server.current.lambda, "nothing", { Code: { S3Bucket: "hot-reload", S3Key } });
  await expect(create).rejects.toMatchObject(
    awsError("InvalidParameterValueException", expect.stringContaining(`and ${S3Key} is none`)),
  );
});
