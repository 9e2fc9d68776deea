import { InvokeCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import type { CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { buildImage, createImageFunction } from "../container/function-image.ts";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";

interface Language {
  readonly runtime: NonNullable<CreateFunctionRequest["Runtime"]>;
  /** AWS's image for it. */
  readonly image: string;
  readonly file: string;
  readonly code: string;
}

const languages: readonly Language[] = [
  {
    runtime: "nodejs24.x",
    image: "public.ecr.aws/lambda/nodejs:24",
    file: "app.mjs",
    code: `export const handler = async (event, context) => {
  if (event.fail) throw new TypeError("no such order");
  console.log("order", event.order);
  return { event, name: context.functionName, version: context.functionVersion, memory: context.memoryLimitInMB };
};
`,
  },
  {
    runtime: "python3.13",
    image: "public.ecr.aws/lambda/python:3.13",
    file: "app.py",
    code: `def handler(event, context):
    if event.get("fail"):
        raise ValueError("no such order")
    print("order", event["order"])
    return {"event": event, "name": context.function_name, "version": context.function_version, "memory": context.memory_limit_in_mb}
`,
  },
];

/** How long an image may take to be pulled, seconds. */
const maxWaitTime = 600;

/**
 * Runs functions as processes, which our clients run, and in containers of AWS's base images, which AWS's run: from a zip, and from
 * an image made from it. Tells what callers see that is different.
 */
export async function compareAwsImages(): Promise<readonly (readonly [name: string, details: readonly string[]])[]> {
  const results: [string, readonly string[]][] = [];
  await using processes = await startTestEmulator();
  await using containers = await startTestEmulator({ lambdaExecutor: "docker" });
  for (const { runtime, image, file, code } of languages) {
    const zip = { Runtime: runtime, Handler: "app.handler", Timeout: 30, Code: { ZipFile: zipOf({ [file]: code }) } };
    await createFunction(processes.lambda, "probe", zip);
    const ours = await observe(processes, "probe");
    await createFunction(containers.lambda, "probe", zip);
    const zipped = await observe(containers, "probe");
    results.push([`${image}, zip`, differences(zipped, ours)]);
    const dockerfile = `FROM ${image}\nCOPY ${file} \${LAMBDA_TASK_ROOT}\nCMD ["app.handler"]\n`;
    const built = buildImage(`from-${runtime.replace(".", "-")}`, { [file]: code, Dockerfile: dockerfile });
    try {
      await createImageFunction(containers.lambda, "image", built.image);
      const imaged = await observe(containers, "image");
      results.push([`${image}, image`, differences(imaged.replaceAll('"image"', '"probe"'), ours)]);
    } finally {
      await containers.emu.reset();
      await processes.emu.reset();
      built.remove();
    }
  }
  return results;
}

/** What callers of a function get, apart from where its code is. */
async function observe({ lambda }: TestEmulator, FunctionName: string): Promise<string> {
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime, minDelay: 1 }, { FunctionName });
  const answers: object[] = [];
  for (const event of [{ order: 1 }, { fail: true }, { order: "zwölf" }]) {
    const Payload = Buffer.from(JSON.stringify(event));
    const reply = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const { trace, stackTrace, requestId, ...answer } = JSON.parse(Buffer.from(reply.Payload ?? []).toString());
    const has = {
      trace: trace !== undefined,
      stackTrace: stackTrace !== undefined,
      requestId: requestId !== undefined,
    };
    answers.push({ status: reply.StatusCode, error: reply.FunctionError, answer, has });
  }
  return JSON.stringify(answers);
}

function differences(theirs: string, ours: string): readonly string[] {
  return theirs === ours ? [] : [`AWS:  ${theirs}`, `ours: ${ours}`];
}
