import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lambdaWorld, textOf } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { zipOf } from "./zips.ts";

let world: LambdaWorld;

beforeAll(async () => {
  world = await lambdaWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** A runtime in the shell, which asks Node.js to speak HTTP. */
const bootstrap = `#!/bin/sh
set -eu
cd "$LAMBDA_TASK_ROOT"
exec "${process.execPath}" loop.js "$_HANDLER"
`;
const loop = `
const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
(async () => {
  for (;;) {
    const next = await fetch(api + "next");
    const answer = { handler: process.argv[2], event: await next.json(), executionEnv: process.env.AWS_EXECUTION_ENV ?? null,
                     endpoint: process.env.AWS_ENDPOINT_URL };
    const id = next.headers.get("lambda-runtime-aws-request-id");
    await fetch(api + id + "/response", { method: "POST", body: JSON.stringify(answer) });
  }
})();`;
const files = { bootstrap, "loop.js": loop };
const executable = 0o100755;

const invoke = (name: string, payload: unknown = {}) =>
  world.lambda.operations.Invoke(
    { FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)), LogType: "Tail" },
    world.call(),
  );

describe("a function with its own bootstrap", () => {
  test.each(["provided.al2023", "provided.al2"] as const)("%s", async (Runtime) => {
    const name = Runtime.replace(".", "-");
    const configuration = await world.create(name, zipOf(files, executable), { Runtime, Handler: "my.handler" });
    expect(configuration).toMatchObject({ Runtime, Handler: "my.handler", State: "Pending" });
    const answer = await invoke(name, { a: 1 });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(textOf(answer.Payload))).toEqual({
      handler: "my.handler",
      event: { a: 1 },
      executionEnv: null,
      endpoint: "http://127.0.0.1:4566",
    });
  });

  test("that lost its mode on the way into the zip fails as on AWS, and the log says why", async () => {
    await world.create("plain-file", zipOf(files), { Runtime: "provided.al2023" });
    const answer = await invoke("plain-file");
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(textOf(answer.Payload))).toEqual({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: fork\/exec \/var\/task\/bootstrap: permission denied$/,
      ),
    });
    expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toContain("give it the mode 0755");
  });

  test("runs once it is there, by new code", async () => {
    await world.create("late", zipOf({ "loop.js": loop }), { Runtime: "provided.al2023" });
    expect(textOf((await invoke("late")).Payload)).toContain("Couldn't find valid bootstrap(s)");
    const change = { FunctionName: "late", ZipFile: zipOf(files, executable) };
    await world.lambda.operations.UpdateFunctionCode(change, world.call());
    await world.settled();
    expect(JSON.parse(textOf((await invoke("late")).Payload))).toMatchObject({ event: {} });
  });
});

describe("where nothing can be executed", () => {
  test("such functions are refused with what helps; others are made", async () => {
    const asked: string[] = [];
    await using other = await lambdaWorld({
      mayExecuteIn: (directory) => Promise.resolve(asked.push(directory) === 0),
    });
    const message = `LocalEmu cannot run functions of the runtime provided.al2023: nothing can be executed in ${other.workDirectory}/code, which is mounted noexec. Run the container with --tmpfs /tmp:exec, or name another directory in LOCALEMU_TMPDIR.`;
    const refusal = expect.objectContaining({ code: "InvalidParameterValueException", message });
    const own = zipOf(files, executable);
    await expect(other.create("own", own, { Runtime: "provided.al2023" })).rejects.toEqual(refusal);
    await other.create("managed", "exports.handler = async () => 1;");
    const change = { FunctionName: "managed", Runtime: "provided.al2023" } as const;
    await expect(other.lambda.operations.UpdateFunctionConfiguration(change, other.call())).rejects.toEqual(refusal);
    expect(asked).toEqual([`${other.workDirectory}/code`]);
  });
});
