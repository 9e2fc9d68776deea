import { ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { putPolicy } from "./inline-policies.ts";
import { createRole, iamServer, noRole } from "./roles-api.ts";

const server = iamServer();

test("their names", async () => {
  await createRole(server.iam, "orders");
  for (const name of ["b", "a"]) await putPolicy(server.iam, "orders", name);
  const list = (RoleName: string) => server.iam.send(new ListRolePoliciesCommand({ RoleName }));
  expect(await list("orders")).toMatchObject({ PolicyNames: ["a", "b"], IsTruncated: false });
  await expect(list("nobody")).rejects.toMatchObject(noRole("nobody"));
});
