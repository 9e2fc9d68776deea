import { CreatePolicyCommand, CreatePolicyVersionCommand } from "@aws-sdk/client-iam";
import type { CreatePolicyCommandInput, IAMClient, Policy, PolicyVersion } from "@aws-sdk/client-iam";

export const ownPolicyArn = (name: string): string => `arn:aws:iam::000000000000:policy/${name}`;

/** A policy's document that can be told from others. */
export const documentOf = (action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });

export async function createPolicy(
  iam: IAMClient,
  PolicyName: string,
  change: Partial<CreatePolicyCommandInput> = {},
): Promise<Policy | undefined> {
  const { Policy: policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName, PolicyDocument: documentOf("s3:GetObject"), ...change }),
  );
  return policy;
}

export async function addVersion(
  iam: IAMClient,
  name: string,
  action: string,
  SetAsDefault = false,
): Promise<PolicyVersion | undefined> {
  const { PolicyVersion: version } = await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn: ownPolicyArn(name), PolicyDocument: documentOf(action), SetAsDefault }),
  );
  return version;
}

/** An error as the SDK throws it. */
export const refused = (name: string, message: string, httpStatusCode: number): object => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

export const noPolicy = (name: string): object =>
  refused("NoSuchEntityException", `Policy ${ownPolicyArn(name)} was not found.`, 404);
