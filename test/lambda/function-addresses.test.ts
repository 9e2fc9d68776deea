import * as sdk from "@aws-sdk/client-lambda";
import { CreateAliasCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { beforeAll, expect, test } from "vitest";
import { notImplemented } from "../../packages/emulator/src/services/lambda/not-implemented.ts";
import { type Command, commandsOf } from "../emulator/every-operation.ts";
import { addressesOf, arnOf, awsError, createFunction, lambdaServer, zip } from "./lambda-api.ts";

const server = lambdaServer();
const name = "orders";
const eventSource = "arn:aws:sqs:us-east-1:000000000000:orders";
const permission = { Action: "lambda:InvokeFunction", Principal: "sns.amazonaws.com" };

/** What the operations need beside the function, for the address with this number; in an order in which all can be called. */
const inputs: Readonly<Record<string, (n: number) => object>> = {
  GetFunction: () => ({}),
  GetFunctionConfiguration: () => ({}),
  UpdateFunctionConfiguration: () => ({ Timeout: 5 }),
  UpdateFunctionCode: () => ({ ZipFile: zip }),
  PublishVersion: () => ({}),
  ListVersionsByFunction: () => ({}),
  Invoke: () => ({ Payload: "{}" }),
  InvokeWithResponseStream: () => ({ Payload: "{}" }),
  CreateAlias: (n) => ({ Name: `alias-${n}`, FunctionVersion: "1" }),
  GetAlias: () => ({ Name: "live" }),
  ListAliases: () => ({}),
  UpdateAlias: () => ({ Name: "live", Description: "changed" }),
  AddPermission: (n) => ({ StatementId: `statement-${n}`, ...permission }),
  GetPolicy: () => ({}),
  RemovePermission: (n) => ({ StatementId: `statement-${n}` }),
  CreateFunctionUrlConfig: (n) => ({ Qualifier: `alias-${n}`, AuthType: "NONE" }),
  GetFunctionUrlConfig: () => ({ Qualifier: "alias-0" }),
  ListFunctionUrlConfigs: () => ({}),
  UpdateFunctionUrlConfig: () => ({ Qualifier: "alias-0", InvokeMode: "RESPONSE_STREAM" }),
  DeleteFunctionUrlConfig: (n) => ({ Qualifier: `alias-${n}` }),
  PutFunctionEventInvokeConfig: (n) => ({ Qualifier: `alias-${n}`, MaximumRetryAttempts: 1 }),
  GetFunctionEventInvokeConfig: () => ({ Qualifier: "alias-0" }),
  ListFunctionEventInvokeConfigs: () => ({}),
  UpdateFunctionEventInvokeConfig: () => ({ Qualifier: "alias-0", MaximumRetryAttempts: 0 }),
  DeleteFunctionEventInvokeConfig: (n) => ({ Qualifier: `alias-${n}` }),
  PutFunctionConcurrency: () => ({ ReservedConcurrentExecutions: 5 }),
  GetFunctionConcurrency: () => ({}),
  DeleteFunctionConcurrency: () => ({}),
  PutProvisionedConcurrencyConfig: () => ({ Qualifier: "live", ProvisionedConcurrentExecutions: 1 }),
  GetProvisionedConcurrencyConfig: () => ({ Qualifier: "live" }),
  ListProvisionedConcurrencyConfigs: () => ({}),
  DeleteProvisionedConcurrencyConfig: () => ({ Qualifier: "live" }),
  DeleteAlias: (n) => ({ Name: `alias-${n}` }),
  PutFunctionRecursionConfig: () => ({ RecursiveLoop: "Allow" }),
  GetFunctionRecursionConfig: () => ({}),
  PutRuntimeManagementConfig: () => ({ UpdateRuntimeOn: "Auto" }),
  GetRuntimeManagementConfig: () => ({}),
  GetFunctionCodeSigningConfig: () => ({}),
  DeleteFunction: () => ({}),
};

/** What creates the function, and those of mappings, which take and refuse addresses in their own words, have tests of their own. */
const others = new Set([
  "CreateFunction",
  "CreateEventSourceMapping",
  "UpdateEventSourceMapping",
  "ListEventSourceMappings",
]);

const commands = new Map(commandsOf(sdk).map(({ operation, Command }) => [operation, Command]));

function send(operation: string, input: object): Promise<unknown> {
  const Command = commands.get(operation);
  if (Command === undefined) throw new Error(`the SDK has no ${operation}`);
  // The commands of all operations have no type in common.
  const client: { send(command: object): Promise<unknown> } = server.current.lambda;
  return client.send(new Command(input));
}

/** Whether the input of an operation has a FunctionName. */
function namesFunction(Command: Command): boolean {
  const [, , , , input]: readonly unknown[] = Object(Reflect.get(new Command({}), "schema"));
  const structure: unknown = typeof input === "function" ? input() : input;
  const members: unknown = Array.isArray(structure) ? structure[4] : undefined;
  return Array.isArray(members) && members.includes("FunctionName");
}

beforeAll(async () => {
  const { lambda, sqs } = server.current;
  await createFunction(lambda, name);
  await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  await lambda.send(new CreateAliasCommand({ FunctionName: name, Name: "live", FunctionVersion: "1" }));
  await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
});

test("the table has every operation on a function", () => {
  const expected = [...commands].flatMap(([operation, Command]) =>
    namesFunction(Command) && !Object.hasOwn(notImplemented, operation) && !others.has(operation) ? [operation] : [],
  );
  expect(Object.keys(inputs).toSorted()).toEqual(expected.toSorted());
});

test.each(Object.entries(inputs))("%s takes a name, partial ARNs and an ARN", async (operation, inputOf) => {
  const elsewhere = arnOf(name).replace("us-east-1", "eu-west-1");
  await expect(send(operation, { FunctionName: elsewhere, ...inputOf(0) })).rejects.toMatchObject(
    awsError(
      "ResourceNotFoundException",
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
      404,
    ),
  );
  for (const account of ["111111111111:orders", arnOf(name).replace("000000000000", "111111111111")]) {
    await expect(send(operation, { FunctionName: account, ...inputOf(0) })).rejects.toMatchObject(
      awsError("AccessDeniedException", expect.stringContaining("of account 111111111111"), 403),
    );
  }
  for (const [n, address] of addressesOf(name).entries()) {
    if (operation === "DeleteFunction" && n > 0) await createFunction(server.current.lambda, name);
    if (operation === "DeleteProvisionedConcurrencyConfig" && n > 0)
      await send("PutProvisionedConcurrencyConfig", {
        FunctionName: name,
        Qualifier: "live",
        ProvisionedConcurrentExecutions: 1,
      });
    await expect(send(operation, { FunctionName: address, ...inputOf(n) })).resolves.toBeDefined();
  }
});

test("so do mappings", async () => {
  for (const address of addressesOf("mapped")) {
    await createFunction(server.current.lambda, "mapped");
    const mapping = await server.current.lambda.send(
      new sdk.CreateEventSourceMappingCommand({ FunctionName: address, EventSourceArn: eventSource }),
    );
    const { EventSourceMappings } = await server.current.lambda.send(
      new sdk.ListEventSourceMappingsCommand({ FunctionName: address }),
    );
    expect(EventSourceMappings).toMatchObject([{ UUID: mapping.UUID, FunctionArn: arnOf("mapped") }]);
    const changed = new sdk.UpdateEventSourceMappingCommand({ UUID: mapping.UUID, FunctionName: address });
    expect(await server.current.lambda.send(changed)).toMatchObject({ FunctionArn: arnOf("mapped") });
    await server.current.lambda.send(new sdk.DeleteEventSourceMappingCommand({ UUID: mapping.UUID }));
    await send("DeleteFunction", { FunctionName: address });
  }
});
