import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { document, putPolicy } from "./inline-policies.ts";
import { createRole, decoded, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();
const get = (RoleName: string, PolicyName: string) =>
  server.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));

test("what was put", async () => {
  await createRole(server.iam, "orders");
  await putPolicy(server.iam, "orders", "logs");
  const { PolicyDocument, ...names } = await get("orders", "logs");
  expect(names).toMatchObject({ RoleName: "orders", PolicyName: "logs" });
  expect(decoded(PolicyDocument)).toEqual(JSON.parse(document));
  await expect(get("nobody", "logs")).rejects.toMatchObject(noRole("nobody"));
  await expect(get("orders", "none")).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The role policy with name none cannot be found.",
  });
});
