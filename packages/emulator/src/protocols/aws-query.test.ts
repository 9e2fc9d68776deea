import { AssumeRoleCommand, ExpiredTokenException, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { wireTap } from "../../../../test/protocols/wire-tap.ts";
import { AwsError, validationException } from "./errors.ts";
import { loadModel } from "./service-models.ts";

const sts = await loadModel("sts");
const requestId = "5f2a5b0c-0000-4000-8000-000000000001";
const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;

test("GetCallerIdentity", async () => {
  const identity = { UserId: "AKID", Account: "000000000000", Arn: 'arn:aws:iam::000000000000:user/<a>&"b"' };
  const tap = wireTap(sts, () => identity);
  expect(await new STSClient(tap.client).send(new GetCallerIdentityCommand({}))).toMatchObject(identity);
  expect(tap.calls[0]?.reply).toEqual({
    status: 200,
    headers: { "x-amzn-RequestId": requestId, "Content-Type": "text/xml" },
    body:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      "<UserId>AKID</UserId><Account>000000000000</Account>" +
      "<Arn>arn:aws:iam::000000000000:user/&lt;a&gt;&amp;&quot;b&quot;</Arn>" +
      `</GetCallerIdentityResult>${metadata}</GetCallerIdentityResponse>`,
  });
});

test("AssumeRole: lists of structures in, a structure and a timestamp out", async () => {
  const answer = {
    Credentials: {
      AccessKeyId: "ASIA",
      SecretAccessKey: "s/+=",
      SessionToken: "t",
      Expiration: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)),
    },
    AssumedRoleUser: { AssumedRoleId: "AROA:s", Arn: "arn:aws:sts::000000000000:assumed-role/r/s" },
  };
  const tap = wireTap(sts, () => answer);
  const input = {
    RoleArn: "arn:aws:iam::000000000000:role/r",
    RoleSessionName: "s",
    DurationSeconds: 900,
    PolicyArns: [{ arn: "arn:aws:iam::aws:policy/A" }],
    Tags: Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: "a b&c=+" })),
    TransitiveTagKeys: ["k1", "k2"],
  };
  expect(await new STSClient(tap.client).send(new AssumeRoleCommand(input))).toMatchObject(answer);
  expect(tap.calls[0]).toMatchObject({ operation: "AssumeRole" });
  expect(tap.calls[0]?.input).toEqual(input);
  expect(tap.calls[0]?.reply.body).toContain("<Expiration>2030-01-02T03:04:05Z</Expiration>");
});

test("a modelled error", async () => {
  const tap = wireTap(sts, () => {
    throw new AwsError("ExpiredTokenException", "Token < now");
  });
  const sent = new STSClient(tap.client).send(new GetCallerIdentityCommand({}));
  await expect(sent).rejects.toThrow(ExpiredTokenException);
  await expect(sent).rejects.toMatchObject({ message: "Token < now", $metadata: { httpStatusCode: 400 } });
  expect(tap.calls[0]?.reply.body).toBe(
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
      "<Code>ExpiredTokenException</Code><Message>Token &lt; now</Message></Error>" +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
});

test.each([
  [
    new AwsError("MalformedPolicyDocumentException", "m"),
    400,
    "<Type>Sender</Type><Code>MalformedPolicyDocument</Code>",
  ],
  [new AwsError("InternalFailure", "m", { statusCode: 500 }), 500, "<Type>Receiver</Type><Code>InternalFailure</Code>"],
  [validationException("m"), 400, "<Type>Sender</Type><Code>ValidationError</Code>"],
])("%s has the code that Query has for it", (error, status, part) => {
  const reply = sts.protocol.encodeError(error, { requestId });
  expect(reply.status).toBe(status);
  expect(reply.body).toContain(part);
});

test("the form may stand in the query", () => {
  const request = {
    method: "GET",
    path: "/",
    query: "Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=AKID&Unknown.x=1",
    headers: {},
    body: Buffer.alloc(0),
  };
  const route = sts.protocol.route(request);
  expect(route?.operation.name).toBe("GetAccessKeyInfo");
  expect(route && sts.protocol.decode(route, request)).toEqual({ AccessKeyId: "AKID" });
});

test("an unknown action is no operation", () => {
  const body = Buffer.from("Action=Nothing");
  expect(sts.protocol.route({ method: "POST", path: "/", query: "", headers: {}, body })).toBeUndefined();
});
