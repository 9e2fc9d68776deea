import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ResourceNotFoundException,
  TooManyRequestsException,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { wireTap } from "../../../../test/protocols/wire-tap.ts";
import { AwsError } from "./errors.ts";
import { loadModel } from "./service-models.ts";

const lambda = await loadModel("lambda");
const requestId = "5f2a5b0c-0000-4000-8000-000000000001";
const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:f";

describe("what the SDK's client sends and reads", () => {
  test("CreateFunction", async () => {
    const tap = wireTap(lambda, () => ({
      FunctionName: "f",
      State: "Pending",
      Environment: { Variables: { A: "1" } },
    }));
    const input = {
      FunctionName: "f",
      Role: "arn:aws:iam::000000000000:role/r",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: Buffer.from([0x50, 0x4b, 3, 4]) },
      Environment: { Variables: { A: "1" } },
      Publish: true,
      Layers: ["l"],
    } as const;
    const output = await new LambdaClient(tap.client).send(
      new CreateFunctionCommand({ ...input, Layers: [...input.Layers] }),
    );
    expect(tap.calls).toMatchObject([{ operation: "CreateFunction", input, reply: { status: 201 } }]);
    expect(output).toMatchObject({ FunctionName: "f", State: "Pending", Environment: { Variables: { A: "1" } } });
  });

  test("Invoke: members in the path, query, headers and body, and back", async () => {
    const tap = wireTap(lambda, () => ({
      StatusCode: 200,
      FunctionError: "Unhandled",
      LogResult: "TE9H",
      ExecutedVersion: "1",
      Payload: Buffer.from('{"ok":true}'),
    }));
    const output = await new LambdaClient(tap.client).send(
      new InvokeCommand({
        FunctionName: functionArn,
        Qualifier: "live",
        InvocationType: "RequestResponse",
        LogType: "Tail",
        ClientContext: "e30=",
        Payload: Buffer.from("[1]"),
      }),
    );
    expect(tap.calls[0]?.request.path).toBe(`/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`);
    expect(tap.calls[0]?.input).toEqual({
      FunctionName: functionArn,
      Qualifier: "live",
      InvocationType: "RequestResponse",
      LogType: "Tail",
      ClientContext: "e30=",
      Payload: Buffer.from("[1]"),
    });
    expect(tap.calls[0]?.reply).toEqual({
      status: 200,
      headers: {
        "x-amzn-RequestId": requestId,
        "Content-Type": "application/json",
        "X-Amz-Function-Error": "Unhandled",
        "X-Amz-Log-Result": "TE9H",
        "X-Amz-Executed-Version": "1",
      },
      body: Buffer.from('{"ok":true}'),
    });
    expect(output).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      LogResult: "TE9H",
      ExecutedVersion: "1",
    });
    expect(output.Payload?.transformToString()).toBe('{"ok":true}');
  });

  test("an asynchronous Invoke: the status is a member, the payload is absent", async () => {
    const tap = wireTap(lambda, () => ({ StatusCode: 202 }));
    const output = await new LambdaClient(tap.client).send(
      new InvokeCommand({ FunctionName: "f", InvocationType: "Event" }),
    );
    expect(tap.calls[0]).toMatchObject({ reply: { status: 202, body: "" } });
    expect(tap.calls[0]?.input).toEqual({ FunctionName: "f", InvocationType: "Event" });
    expect(output.StatusCode).toBe(202);
  });

  test("CreateEventSourceMapping: timestamps, nested structures, 202", async () => {
    const modified = new Date(1700000000123);
    const mapping = { UUID: "u", State: "Creating", LastModified: modified, DestinationConfig: { OnFailure: {} } };
    const tap = wireTap(lambda, () => mapping);
    const input = {
      EventSourceArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
      FunctionName: "f",
      StartingPosition: "AT_TIMESTAMP",
      StartingPositionTimestamp: new Date(1700000000456),
      FilterCriteria: { Filters: [{ Pattern: '{"data":{}}' }] },
    } as const;
    const output = await new LambdaClient(tap.client).send(
      new CreateEventSourceMappingCommand({ ...input, FilterCriteria: { Filters: [...input.FilterCriteria.Filters] } }),
    );
    expect(tap.calls).toMatchObject([{ operation: "CreateEventSourceMapping", input, reply: { status: 202 } }]);
    expect(tap.calls[0]?.reply.body).toContain('"LastModified":1700000000.123');
    expect(output).toMatchObject(mapping);
  });

  test("ListFunctions: numbers in the query", async () => {
    const tap = wireTap(lambda, () => ({ Functions: [{ FunctionName: "f" }] }));
    const output = await new LambdaClient(tap.client).send(
      new ListFunctionsCommand({ MaxItems: 5, Marker: "a b+c/=", FunctionVersion: "ALL" }),
    );
    expect(tap.calls[0]?.input).toEqual({ MaxItems: 5, Marker: "a b+c/=", FunctionVersion: "ALL" });
    expect(output.Functions).toEqual([{ FunctionName: "f" }]);
  });

  test("UntagResource: a list in the query, no body back", async () => {
    const tap = wireTap(lambda, () => ({}));
    await new LambdaClient(tap.client).send(new UntagResourceCommand({ Resource: functionArn, TagKeys: ["a", "b"] }));
    expect(tap.calls[0]).toMatchObject({
      input: { Resource: functionArn, TagKeys: ["a", "b"] },
      reply: { status: 204 },
    });
    expect(tap.calls[0]?.reply).toEqual({ status: 204, headers: { "x-amzn-RequestId": requestId }, body: "" });
  });

  test("DeleteAlias: two labels", async () => {
    const tap = wireTap(lambda, () => ({}));
    await new LambdaClient(tap.client).send(new DeleteAliasCommand({ FunctionName: "f", Name: "live" }));
    expect(tap.calls[0]?.input).toEqual({ FunctionName: "f", Name: "live" });
  });

  test("GetFunction by ARN, and the error when there is none", async () => {
    const message = `Function not found: ${functionArn}`;
    const tap = wireTap(lambda, () => {
      throw new AwsError("ResourceNotFoundException", message);
    });
    const sent = new LambdaClient(tap.client).send(new GetFunctionCommand({ FunctionName: functionArn }));
    await expect(sent).rejects.toThrow(ResourceNotFoundException);
    await expect(sent).rejects.toMatchObject({ message, Type: "User", $metadata: { httpStatusCode: 404, requestId } });
    expect(tap.calls[0]?.input).toEqual({ FunctionName: functionArn });
  });

  test("an error with a member in a header", async () => {
    const fields = { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", retryAfterSeconds: "3" };
    const tap = wireTap(lambda, () => {
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { fields });
    });
    const sent = new LambdaClient(tap.client).send(new InvokeCommand({ FunctionName: "f" }));
    await expect(sent).rejects.toThrow(TooManyRequestsException);
    await expect(sent).rejects.toMatchObject({ message: "Rate Exceeded.", Type: "User", ...fields });
    expect(tap.calls[0]?.reply.headers).toMatchObject({ "Retry-After": "3" });
  });
});

test.each([
  ["InvalidParameterValueException", 400, '{"Type":"User","message":"m"}'],
  ["ResourceConflictException", 409, '{"Type":"User","message":"m"}'],
  ["ResourceNotFoundException", 404, '{"Type":"User","Message":"m"}'],
  ["ResourceInUseException", 400, '{"Type":"User","Message":"m"}'],
  ["ServiceException", 500, '{"Type":"Service","Message":"m"}'],
  ["ValidationException", 400, '{"message":"m"}'],
])("%s has the casing of its model", (code, status, body) => {
  expect(lambda.protocol.encodeError(new AwsError(code, "m"), { requestId })).toEqual({
    status,
    headers: { "x-amzn-RequestId": requestId, "Content-Type": "application/json", "x-amzn-ErrorType": code },
    body,
  });
});

test("a number in the query that is none is refused", () => {
  const request = {
    method: "GET",
    path: "/2015-03-31/functions",
    query: "MaxItems=many",
    headers: {},
    body: Buffer.alloc(0),
  };
  const route = lambda.protocol.route(request);
  if (route === undefined) throw new Error("no route");
  expect(() => lambda.protocol.decode(route, request)).toThrow(
    "class java.lang.String can not be converted to an Integer",
  );
});
