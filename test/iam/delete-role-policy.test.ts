import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { putPolicy } from "./inline-policies.ts";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("it is gone, and then there is none", async () => {
  await createRole(server.iam, "orders");
  await putPolicy(server.iam, "orders", "logs");
  const remove = () => server.iam.send(new DeleteRolePolicyCommand({ RoleName: "orders", PolicyName: "logs" }));
  expect((await remove()).$metadata.httpStatusCode).toBe(200);
  await expect(remove()).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The role policy with name logs cannot be found.",
  });
});
