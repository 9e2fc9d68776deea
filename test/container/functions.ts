import { CreateFunctionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import type { Runtime, LambdaClient } from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { zipOf } from "../lambda/zips.ts";

export interface TestFunction {
  readonly name: string;
  /** The source of its module. */
  readonly code: string;
  readonly runtime?: Runtime;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a function of one file: `index.mjs`, or `bootstrap` where the function brings its own runtime. */
export async function createFunction(lambda: LambdaClient, fn: TestFunction): Promise<void> {
  const { name, code, runtime = "nodejs24.x", environment = {} } = fn;
  const file = runtime.startsWith("provided") ? "bootstrap" : "index.mjs";
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: runtime,
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/test",
      Code: { ZipFile: zipOf({ [file]: code }, 0o100755) },
      Environment: { Variables: { ...environment } },
      Timeout: 20,
    }),
  );
}

/** Invokes a function and gives what it returned; an error that it threw is thrown here. */
export async function invoke(lambda: LambdaClient, name: string, event: unknown = {}): Promise<unknown> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`${name} failed: ${text}`);
  return JSON.parse(text);
}

/** A module with all that it imports in one file, as deployment tools make it. */
export async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    // Bundled CommonJS packages ask for built-in modules by `require`, which ES modules do not have.
    banner: { js: "const require = process.getBuiltinModule;" },
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
