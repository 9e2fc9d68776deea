import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import type { CreateRoleCommandInput, CreateRoleCommandOutput } from "@aws-sdk/client-iam";
import { afterAll, beforeAll } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

export const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
export const policyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

/** The emulator of a test file with a client of IAM. */
export function iamServer(): { readonly iam: IAMClient } {
  const server: { emulator?: TestEmulator; iam?: IAMClient } = {};
  beforeAll(async () => {
    server.emulator = await startTestEmulator();
    server.iam = new IAMClient({ ...server.emulator.emu.getClientConfig(), maxAttempts: 1 });
  });
  afterAll(async () => {
    server.iam?.destroy();
    await server.emulator?.[Symbol.asyncDispose]();
  });
  return {
    get iam() {
      if (server.iam === undefined) throw new Error("the emulator has not been started");
      return server.iam;
    },
  };
}

export function createRole(
  iam: IAMClient,
  RoleName: string,
  change: Partial<CreateRoleCommandInput> = {},
): Promise<CreateRoleCommandOutput> {
  return iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...change }));
}

export const noRole = (name: string): object => ({
  name: "NoSuchEntityException",
  message: `The role with name ${name} cannot be found.`,
  $metadata: { httpStatusCode: 404 },
});

/** Documents come percent-encoded. */
export const decoded = (document: string | undefined): unknown => JSON.parse(decodeURIComponent(document ?? ""));
