import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { putPolicy } from "./inline-policies.ts";
import { createRole, decoded, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();

test("a policy takes the place of one of its name", async () => {
  await createRole(server.iam, "orders");
  await putPolicy(server.iam, "orders", "logs");
  await putPolicy(server.iam, "orders", "logs", '{"a":"b(c)"}');
  const get = new GetRolePolicyCommand({ RoleName: "orders", PolicyName: "logs" });
  expect(decoded((await server.iam.send(get)).PolicyDocument)).toEqual({ a: "b(c)" });
});

test("refused", async () => {
  await expect(putPolicy(server.iam, "nobody", "logs")).rejects.toMatchObject(noRole("nobody"));
  await expect(putPolicy(server.iam, "orders", "logs", "no")).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
});
