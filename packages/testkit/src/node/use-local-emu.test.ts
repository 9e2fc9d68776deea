import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeControlServer } from "../fake-control-server.test.fixture.ts";
import { useLocalEmu } from "./use-local-emu.ts";

let server: FakeControlServer;
const ends: (() => Promise<void>)[] = [];
const scope = { after: (end: () => Promise<void>) => void ends.push(end) };

beforeEach(async () => {
  server = new FakeControlServer();
  await server.start();
  server.answers["POST worlds"] = () => ({ name: "w", endpoint: `${server.endpoint}/_world/w`, credentials: {} });
  server.answers["DELETE worlds/w"] = () => ({});
  vi.stubEnv("LOCALEMU_ENDPOINT", server.endpoint);
  vi.stubEnv("AWS_PROFILE", "work");
  vi.stubEnv("AWS_ENDPOINT_URL_KINESIS", "http://kinesis.invalid");
  vi.stubEnv("AWS_REGION", "sa-east-1");
  vi.stubEnv("AWS_ENDPOINT_URL", undefined);
  ends.length = 0;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
});

function awsVariables(): Record<string, string | undefined> {
  const { AWS_PROFILE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_KINESIS, AWS_REGION } = process.env;
  return { AWS_PROFILE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_KINESIS, AWS_REGION };
}

const before = {
  AWS_PROFILE: "work",
  AWS_ENDPOINT_URL: undefined,
  AWS_ENDPOINT_URL_KINESIS: "http://kinesis.invalid",
  AWS_REGION: "sa-east-1",
};

test("a test has a world, whose environment it sees, until it ends", async () => {
  const emu = await useLocalEmu(scope);
  expect(emu.world).toBe("w");
  expect(awsVariables()).toEqual({
    AWS_PROFILE: undefined,
    AWS_ENDPOINT_URL: `${server.endpoint}/_world/w`,
    AWS_ENDPOINT_URL_KINESIS: undefined,
    AWS_REGION: "eu-west-1",
  });
  expect(ends).toHaveLength(1);
  await ends[0]?.();
  expect(awsVariables()).toEqual(before);
  expect(server.calls.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual(["worlds/w"]);
  await emu.close();
  expect(server.calls.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("the clock is set, and the environment left as it is, where a test wants it so", async () => {
  server.answers["POST clock"] = ({ body }) => ({ mode: body["action"], now: 0 });
  const emu = await useLocalEmu(scope, { clock: "auto", environment: false, endpoint: server.endpoint });
  expect(server.bodies("clock")).toEqual([{ action: "auto" }]);
  expect(awsVariables()).toEqual(before);
  await emu.close();
});

test("what fails leaves nothing behind", async () => {
  await expect(useLocalEmu(scope, { clock: "frozen" })).rejects.toMatchObject({ code: "UnknownOperation" });
  expect(awsVariables()).toEqual(before);
  expect(ends).toEqual([]);
  await server.leaseClosed;
});

test.each(["before", "after"])(
  "a failed test tells its timeline, whether the world was closed %s its end",
  async (when) => {
    const told: string[] = [];
    const failed = { ...scope, error: new Error("broken"), diagnostic: (message: string) => void told.push(message) };
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    server.answers["GET timeline"] = () => ({ id: 1, at: 0, type: "stream.created", stream: "orders", shards: 1 });
    const emu = await useLocalEmu(failed);
    if (when === "before") await emu.close();
    await ends[0]?.();
    expect(told).toEqual([expect.stringContaining("stream orders created")]);
  },
);

test("a world whose timeline cannot be read is closed all the same, and the test tells why", async () => {
  const told: string[] = [];
  const failed = { ...scope, error: new Error("broken"), diagnostic: (message: string) => void told.push(message) };
  vi.stubEnv("GITHUB_STEP_SUMMARY", "");
  await useLocalEmu(failed);
  await ends[0]?.();
  expect(told).toEqual(["What happened in the test's LocalEmu world cannot be told: no timeline"]);
  expect(awsVariables()).toEqual(before);
});
