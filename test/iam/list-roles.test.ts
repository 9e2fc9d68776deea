import { ListRolesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createRole, iamServer } from "./roles-api.ts";

const server = iamServer();

test("by name, all or those of a path", async () => {
  await createRole(server.iam, "b");
  await createRole(server.iam, "a", { Path: "/service/" });
  const list = async (PathPrefix?: string) => {
    const { Roles, IsTruncated } = await server.iam.send(new ListRolesCommand({ PathPrefix }));
    return { names: Roles?.map(({ RoleName }) => RoleName), IsTruncated };
  };
  expect(await list()).toEqual({ names: ["a", "b"], IsTruncated: false });
  expect(await list("/service/")).toMatchObject({ names: ["a"] });
});
