import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { IAMClient } from "@aws-sdk/client-iam";

export const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "logs:*" }] });

export function putPolicy(iam: IAMClient, RoleName: string, PolicyName: string, PolicyDocument = document) {
  return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}
