import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, call, lambdaServer } from "./lambda-api.ts";
import {
  createMapped,
  createMapping,
  createQueueMapping,
  createQueuePair,
  mappingsPath,
  streamArn,
} from "./mapping-api.ts";

const server = lambdaServer();
const notFound = awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);

test("the reply is the mapping, which is Deleting, and then it is gone", async () => {
  const { emu, lambda } = server.current;
  const UUID = await createMapped(server.current, "orders", { BatchSize: 3 });
  const reply = await call(emu, "DELETE", `${mappingsPath}/${UUID}`);
  expect(reply.status).toBe(202);
  expect(JSON.parse(reply.text)).toMatchObject({
    UUID,
    State: "Deleting",
    StateTransitionReason: "User action",
    BatchSize: 3,
    EventSourceArn: streamArn("orders"),
    FunctionArn: arnOf("orders"),
  });
  await emu.idle();
  await expect(lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(notFound);
  await expect(lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(notFound);
  await expect(createMapping(server.current, "orders")).resolves.toMatchObject({ State: "Creating" });
});

test("a disabled mapping can be deleted", async () => {
  const { emu, lambda } = server.current;
  const UUID = await createMapped(server.current, "disabled", { Enabled: false });
  expect((await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe("Deleting");
  await emu.idle();
  await expect(lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(notFound);
});

test("a queue's mapping is deleted by the same words as AWS's", async () => {
  const { emu, lambda } = server.current;
  await createQueuePair(server.current, "queue");
  const { UUID } = await createQueueMapping(server.current, "queue");
  await emu.idle();
  const deleting = await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  expect(deleting).toMatchObject({ UUID, State: "Deleting", StateTransitionReason: "USER_INITIATED" });
  await emu.idle();
  await expect(lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(notFound);
});

test("a mapping outlives its function, and can be deleted then", async () => {
  const { emu, lambda } = server.current;
  const UUID = await createMapped(server.current, "outlived");
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "outlived" }));
  await emu.idle();
  expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    State: "Enabled",
    FunctionArn: arnOf("outlived"),
  });
  expect((await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe("Deleting");
});

test("a UUID that no mapping has is refused", async () => {
  const UUID = "00000000-0000-4000-8000-000000000000";
  await expect(server.current.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(
    notFound,
  );
});
