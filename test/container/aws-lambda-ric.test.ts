import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { hasDocker } from "./container.ts";
import { buildImage, createImageFunction } from "./function-image.ts";

const handlers = `
  export const handler = async (event, context) => {
    if (event.fail) throw new TypeError("no such order");
    return { event, name: context.functionName, hasTime: context.getRemainingTimeInMillis() > 0 };
  };
  export const stream = awslambda.streamifyResponse(async (event, response) => {
    response.write("one,");
    response.end("two");
  });
`;

/**
 * What the native part of AWS's client does, which it has from its install script: it asks for events, and posts answers and errors
 * before it asks again.
 */
const nativePart = `
  const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
  let posted;
  const post = (path, body, headers = {}) => {
    posted = fetch(api + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  };
  require.extensions[".node"] = (module) => {
    module.exports = {
      async next() {
        await posted;
        const reply = await fetch(api + "next");
        return { bodyJson: await reply.text(), headers: Object.fromEntries(reply.headers) };
      },
      done: (id, body) => post(id + "/response", body),
      error: (id, body, cause) => post(id + "/error", body, { "lambda-runtime-function-xray-error-cause": cause }),
    };
  };
`;

const dockerfile = `FROM node:24-bookworm-slim
WORKDIR /var/task
COPY package node_modules/aws-lambda-ric
COPY native-part.cjs index.mjs ./
ENTRYPOINT ["sh", "-c", "_HANDLER=$0 exec node --require ./native-part.cjs node_modules/aws-lambda-ric/index.mjs"]
CMD ["index.handler"]
`;

/** An image with AWS's client as it is published; `npm run differential` has it with its native part built. */
function buildOfficialRuntime() {
  const files = { "index.mjs": handlers, "native-part.cjs": nativePart, Dockerfile: dockerfile };
  return buildImage("aws-lambda-ric", files, (context) => {
    const options = { cwd: context, encoding: "utf8" } as const;
    const archive = execFileSync(
      "npm",
      ["pack", "--silent", "--prefer-offline", "aws-lambda-ric@4.0.2"],
      options,
    ).trim();
    execFileSync("tar", ["--extract", "--file", archive, "package/index.mjs"], options);
    rmSync(join(context, archive));
    writeFileSync(join(context, "package", "rapid-client.node"), "");
  });
}

describe.runIf(hasDocker)("an image with aws-lambda-ric", () => {
  let official: ReturnType<typeof buildOfficialRuntime>;
  let emulator: TestEmulator;

  beforeAll(async () => {
    official = buildOfficialRuntime();
    emulator = await startTestEmulator({ docker: true });
    await Promise.all([
      createImageFunction(emulator.lambda, "orders", official.image),
      createImageFunction(emulator.lambda, "streams", official.image, { ImageConfig: { Command: ["index.stream"] } }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    official.remove();
  }, 60_000);

  async function invoke(event: object) {
    const Payload = Buffer.from(JSON.stringify(event));
    const reply = await emulator.lambda.send(new InvokeCommand({ FunctionName: "orders", Payload }));
    return { error: reply.FunctionError, answer: JSON.parse(Buffer.from(reply.Payload ?? []).toString()) };
  }

  test("answers, fails and answers again", async () => {
    const answer = { event: { id: "zwölf" }, name: "orders", hasTime: true };
    expect(await invoke({ id: "zwölf" })).toEqual({ error: undefined, answer });
    expect(await invoke({ fail: true })).toEqual({
      error: "Unhandled",
      answer: {
        errorType: "TypeError",
        errorMessage: "no such order",
        trace: expect.arrayContaining(["TypeError: no such order"]),
      },
    });
    expect(await invoke({ id: "zwölf" })).toEqual({ error: undefined, answer });
  });

  test("streams", async () => {
    const { EventStream = [] } = await emulator.lambda.send(
      new InvokeWithResponseStreamCommand({ FunctionName: "streams" }),
    );
    let text = "";
    for await (const { PayloadChunk, InvokeComplete } of EventStream) {
      text += Buffer.from(PayloadChunk?.Payload ?? []).toString();
      expect(InvokeComplete?.ErrorCode).toBeUndefined();
    }
    expect(text).toBe("one,two");
  });
});
