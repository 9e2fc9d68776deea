#!/usr/bin/env node
import { createLambdaRuntime } from "../lambda-runtime.ts";
import { rieOptions, RieUsageError } from "./rie-options.ts";
import { createRieServer } from "./rie-server.ts";

const USAGE = `Runs one Lambda function for requests to Invoke and InvokeWithResponseStream

  lambda-rie [options] [<directory or bootstrap>] [<handler>]

  --runtime-interface-emulator-address <host:port>   default 0.0.0.0:8080

Invoke:  curl http://localhost:8080/2015-03-31/functions/function/invocations -d '{}'
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) {
    process.stdout.write(USAGE);
    return;
  }
  const { host, port, spec, warnings } = rieOptions(args, process.env, kindOf);
  for (const warning of warnings) {
    process.stderr.write(`lambda-rie: ${warning}\n`);
  }
  const runtime = createLambdaRuntime({ log: { write: ({ message }) => process.stdout.write(message) } });
  const server = createRieServer(runtime.createPool(spec), spec.functionName);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  process.stdout.write(`lambda-rie listens on ${host}:${typeof address === "object" ? address?.port : port}\n`);
  const stop = (): void => {
    server.close().closeAllConnections();
    void runtime.close().finally(() => process.exit());
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("exit", () => runtime.killAll());
}

function kindOf(path: string): "file" | "directory" | undefined {
  const found = process.getBuiltinModule("node:fs").statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? "directory" : "file";
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof RieUsageError || (error instanceof Error && "code" in error);
  const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`lambda-rie: ${text}\n`);
  process.exitCode = 1;
});
