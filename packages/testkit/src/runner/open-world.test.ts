import { expect, test } from "vitest";
import { connect } from "../connect.ts";
import { FakeControlServer } from "../fake-control-server.test.fixture.ts";
import { openWorld } from "./open-world.ts";

test("where the world cannot be ended the connections are closed all the same", async () => {
  await using fake = new FakeControlServer();
  await fake.start();
  fake.answers["POST worlds"] = () => ({ name: "w", endpoint: `${fake.endpoint}/_world/w`, credentials: {} });
  const server = await connect(fake.endpoint);
  const world = await openWorld(server, {});
  await expect(world.end()).rejects.toMatchObject({ code: "UnknownOperation" });
  await expect(server.control.info()).rejects.toMatchObject({ code: "ClientClosed" });
});
