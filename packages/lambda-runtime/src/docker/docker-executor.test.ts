import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ExecutionExit } from "../environment/executor.ts";
import { ManualTime } from "../environment/pool-lab.test.fixture.ts";
import { Telemetry } from "../telemetry-api/telemetry.ts";
import { createDocker } from "./docker-executor.ts";
import { type Answers, fakeEngine } from "./fake-engine.test.fixture.ts";
import { textsOf } from "./json-member.ts";
import { OWNER_LABEL } from "./owner.ts";
import { tarOf } from "./tar.ts";

const list = `GET /containers/json?all=1&filters=${JSON.stringify({ label: [OWNER_LABEL] })}`;
const extensions = "GET /containers/c1/archive?path=/opt/extensions";

/** A container that runs until it is told not to. */
const healthy: Answers = {
  "GET /networks/bridge": [200, { IPAM: { Config: [{ Gateway: "127.0.0.1" }] } }],
  [list]: [200, []],
  "GET /images/orders/json": [200, { Id: "orders" }],
  "POST /containers/create": [201, { Id: "c1" }],
  "POST /containers/c1/attach?stream=1&stdout=1&stderr=1": "endless",
  "POST /containers/c1/wait?condition=removed": "endless",
  "POST /containers/c1/start": [204, ""],
  "POST /containers/c1/pause": [204, ""],
  "POST /containers/c1/unpause": [204, ""],
  "POST /containers/c1/kill?signal=SIGKILL": [204, ""],
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "localemu-docker-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

async function launched(answers: Answers = {}) {
  const fake = await fakeEngine({ ...healthy, ...answers });
  const hostTime = new ManualTime();
  const { promise: exited, resolve: onExited } = Promise.withResolvers<ExecutionExit>();
  const { promise: started, resolve: onStarted } = Promise.withResolvers<number>();
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const output: string[] = [];
  const ignore = (): void => undefined;
  const execution = createDocker({ engine: fake.engine.host, pauseAfterMs: 1000 }).executor.launch(
    {
      spec: {
        functionName: "orders",
        version: "1",
        runtime: "",
        handler: "",
        image: { id: "orders" },
        memorySizeMb: 128,
        timeoutMs: 3000,
        taskRoot: "",
        environment: { STAGE: "test" },
        logGroup: "g",
        region: "us-east-1",
        credentials: { accessKeyId: "", secretAccessKey: "", sessionToken: "" },
      },
      filled: undefined,
      hostTime,
      logStream: "s",
      temporaryDirectory: "",
      maxConcurrency: 1,
      user: undefined,
      newId: () => "id",
      telemetry: new Telemetry(hostTime, () => 0),
    },
    {
      started: onStarted,
      output: (_, message) => output.push(message),
      ready: () => onReady(),
      initError: ignore,
      responding: ignore,
      answered: ignore,
      runtimeDone: ignore,
      extensions: ignore,
      crashed: ignore,
      exited: onExited,
      detached: ignore,
    },
  );
  return { fake, hostTime, execution, exited, started, ready, output };
}

type Launched = Awaited<ReturnType<typeof launched>>;

/** Kills it, lets the time pass that the engine may take for that when it was asked for `call`, and waits until it has exited. */
async function end({ execution, exited, fake, hostTime }: Launched, call: string): Promise<ExecutionExit> {
  execution.kill();
  await fake.until(call);
  hostTime.advance(5000);
  return exited;
}

/** Kills it, and lets all time pass. */
async function giveUp({ execution, exited, hostTime }: Launched): Promise<ExecutionExit> {
  execution.kill();
  for (;;) {
    const turn = new Promise<undefined>((resolve) => {
      setImmediate(() => resolve(undefined));
    });
    const exit = await Promise.race([exited, turn]);
    if (exit !== undefined) return exit;
    hostTime.advance(5000);
  }
}

/** What the container's runtime does first. */
function poll({ fake }: Launched): Promise<unknown> {
  const request: unknown = JSON.parse(String(fake.bodies.get("POST /containers/create")));
  const api = textsOf(request, "Env").find((variable) => variable.startsWith("AWS_LAMBDA_RUNTIME_API="));
  return fetch(`http://${api?.split("=")[1]}/2018-06-01/runtime/invocation/next`).catch(() => "closed");
}

const killed = { code: undefined, signal: "SIGKILL", spawnError: undefined };

test("a container of the image has the function's variables and an address of its Runtime API", async () => {
  const lab = await launched();
  await using fake = lab.fake;
  expect(await lab.started).toBe(0);
  const request: unknown = JSON.parse(String(fake.bodies.get("POST /containers/create")));
  expect(request).toMatchObject({
    Image: "orders",
    Labels: { "localemu.function": "orders" },
    HostConfig: { AutoRemove: true, Memory: 128 * 1024 * 1024 },
  });
  expect(textsOf(request, "Env")).toContain("STAGE=test");
  const polling = poll(lab);
  await lab.ready;
  expect(await end(lab, "POST /containers/c1/kill?signal=SIGKILL")).toEqual(killed);
  expect(await polling).toBe("closed");
  expect(fake.asked.at(-1)).toBe("DELETE /containers/c1?force=1&v=1");
});

test.each([list, "GET /images/orders/json", extensions, "POST /containers/create", "POST /containers/c1/start"])(
  "an execution ends also where the engine never answers to %s",
  async (call) => {
    const lab = await launched({ [call]: "silence" });
    await using fake = lab.fake;
    await fake.until(call);
    expect(await giveUp(lab)).toEqual(killed);
  },
);

test("an execution ends also where the engine does not let its paused container go on", async () => {
  const lab = await launched({ "POST /containers/c1/unpause": "silence" });
  await using fake = lab.fake;
  await lab.started;
  void poll(lab);
  await lab.ready;
  lab.hostTime.advance(1000);
  await fake.until("POST /containers/c1/pause");
  expect(await end(lab, "POST /containers/c1/unpause")).toEqual(killed);
  expect(lab.output).toEqual([]);
});

test("extensions that wait for the first one's container end with it", async () => {
  mkdirSync(join(directory, "extensions"));
  for (const name of ["one", "two"]) writeFileSync(join(directory, "extensions", name), "");
  const archive = await buffer(Readable.from(tarOf({ extensions: join(directory, "extensions") })));
  const start = "POST /containers/c1/start";
  const lab = await launched({ [extensions]: [200, archive], [start]: "silence" });
  await using fake = lab.fake;
  await fake.until(start);
  expect(await giveUp(lab)).toEqual(killed);
  // The one that lists them, and the first one's.
  expect(fake.asked.filter((call) => call === "POST /containers/create")).toHaveLength(2);
});
