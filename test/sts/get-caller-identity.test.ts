import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawRequest, signature } from "../emulator/raw-http.ts";

const test = emulatorTest();

test("says that the account's root user calls, whatever the credentials", async ({ emulator }) => {
  const root = { Account: "000000000000", Arn: "arn:aws:iam::000000000000:root", UserId: "000000000000" };
  const config = emulator.emu.getClientConfig();
  for (const credentials of [config.credentials, { accessKeyId: "test", secretAccessKey: "test" }]) {
    const sts = new STSClient({ ...config, credentials });
    const { $metadata, ...identity } = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity).toEqual(root);
    expect($metadata.requestId).toMatch(/^[\da-f]{8}-/);
  }
});

test("names the partition of the region", async ({ emulator }) => {
  const sts = new STSClient({ ...emulator.emu.getClientConfig(), region: "cn-north-1" });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe("arn:aws-cn:iam::000000000000:root");
});

test("answers in AWS's XML", async ({ emulator }) => {
  const call = "Action=GetCallerIdentity&Version=2011-06-15";
  const headers = { ...signature("sts"), "content-type": "application/x-www-form-urlencoded" };
  const reply = await rawRequest(emulator.emu.endpoint, { headers, body: call });
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, "text/xml"]);
  expect(reply.body).toMatch(
    /^(<\?xml version="1\.0" encoding="UTF-8"\?>\n)?<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult>/,
  );
  expect(reply.body).toContain("<Arn>arn:aws:iam::000000000000:root</Arn>");
  expect(reply.body).toMatch(/<ResponseMetadata><RequestId>[\da-f-]{36}<\/RequestId><\/ResponseMetadata>/);
});
