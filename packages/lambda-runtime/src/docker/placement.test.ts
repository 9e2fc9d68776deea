import { expect, test } from "vitest";
import { type Answers, fakeEngine } from "./fake-engine.test.fixture.ts";
import { findPlacement } from "./placement.ts";

const own = "c0".repeat(32);

/** What the engine tells of our own container, where it knows one. */
function inspected(networkMode: string, networks: object): Answers {
  const labels = { "org.testcontainers.session-id": "s", maintainer: "m" };
  return {
    [`GET /containers/${own}/json`]: [
      200,
      { HostConfig: { NetworkMode: networkMode }, NetworkSettings: { Networks: networks }, Config: { Labels: labels } },
    ],
  };
}

const bridgeWith = (...gateways: string[]): Answers => ({
  "GET /networks/bridge": [200, { IPAM: { Config: gateways.map((Gateway) => ({ Gateway })) } }],
});
/** The first is nobody's. */
const ours = bridgeWith("192.0.2.1", "127.0.0.1");
const networks = { bridge: { IPAddress: "172.17.0.2" }, shop: { IPAddress: "172.18.0.2" } };
const session = { "org.testcontainers.session-id": "s" };
const byGateway = { bind: "127.0.0.1", host: "127.0.0.1", network: undefined, extraHosts: [], labels: {} };
const byName = { ...byGateway, host: "host.docker.internal", extraHosts: ["host.docker.internal:host-gateway"] };

test.each([
  ["on a machine, by the bridge's address", undefined, ours, { ...byGateway, container: undefined }],
  ["beside the engine's machine, by name", undefined, bridgeWith("192.0.2.1"), { ...byName, container: undefined }],
  [
    "in a container, by its address in a network of its own",
    own,
    inspected("shop", networks),
    { bind: "172.18.0.2", host: "172.18.0.2", network: "shop", extraHosts: [], labels: session, container: own },
  ],
  [
    "in a container on the machine's network, as on the machine, but still as that container",
    own,
    { ...inspected("host", { host: { IPAddress: "" } }), ...ours },
    { ...byGateway, container: own, labels: session },
  ],
  ["in a container of another engine, as on the machine", own, ours, { ...byGateway, container: undefined }],
])("containers reach LocalEmu %s", async (_, container, answers, placement) => {
  await using fake = await fakeEngine(answers);
  expect(await findPlacement(fake.engine, container)).toEqual(placement);
});

test.each(["container:abc", "none"])("no container reaches LocalEmu in one with the network mode %s", async (mode) => {
  await using fake = await fakeEngine({ ...inspected(mode, {}), ...ours });
  await expect(findPlacement(fake.engine, own)).rejects.toThrow(
    `LocalEmu's own container has the network mode ${mode}, in which no function's container reaches it: give it a network of its own, or the machine's (host)`,
  );
});
