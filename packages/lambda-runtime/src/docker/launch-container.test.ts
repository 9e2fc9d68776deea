import { expect, test } from "vitest";
import { ManualTime } from "../environment/pool-lab.test.fixture.ts";
import { type Answers, fakeEngine } from "./fake-engine.test.fixture.ts";
import { launchContainer } from "./launch-container.ts";
import { InvalidEntrypointError } from "../process/own-bootstrap.ts";

const calls = {
  create: "POST /containers/create",
  upload: "PUT /containers/c1/archive?path=/",
  attach: "POST /containers/c1/attach?stream=1&stdout=1&stderr=1",
  wait: "POST /containers/c1/wait?condition=removed",
  start: "POST /containers/c1/start",
  kill: "POST /containers/c1/kill?signal=SIGKILL",
  remove: "DELETE /containers/c1?force=1&v=1",
} as const;

/** A container that writes a line and ends. */
const healthy: Answers = {
  [calls.create]: [201, { Id: "c1" }],
  [calls.upload]: [200, ""],
  [calls.attach]: [200, Buffer.from([1, 0, 0, 0, 0, 0, 0, 3, 0x68, 0x69, 0x0a])],
  [calls.wait]: [200, { StatusCode: 3 }],
  [calls.start]: [204, ""],
  [calls.kill]: [204, ""],
  [calls.remove]: [404, { message: "it is gone" }],
};

async function launched(answers: Answers) {
  const fake = await fakeEngine({ ...healthy, ...answers });
  const told: string[] = [];
  const hostTime = new ManualTime();
  const { promise: started, resolve: onStarted } = Promise.withResolvers<string>();
  const container = launchContainer({
    engine: fake.engine,
    hostTime,
    container: async () => ({ Image: "i" }),
    files: async function* () {
      yield Buffer.alloc(1024);
    },
    awake: () => undefined,
    onMessage: (message) => told.push(message),
    onStarted,
    onContainer: (id, exists) => told.push(`${id} ${exists ? "is there" : "is gone"}`),
  });
  return { fake, told, hostTime, container, started, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
}

const killed = { code: undefined, signal: "SIGKILL", spawnError: undefined };

test("a container gets its files, runs, is read to its end, and is removed", async () => {
  await using lab = await launched({});
  expect(await lab.container.exited).toEqual({ code: 3, signal: undefined, spawnError: undefined });
  const { create, upload, attach, wait, start, remove } = calls;
  expect(lab.fake.asked).toEqual([create, upload, attach, wait, start, remove]);
  expect(lab.told.toSorted()).toEqual(["c1 is gone", "c1 is there", "hi\n"]);
  expect(await lab.started).toBe("c1");
  expect(lab.hostTime.pending).toBe(0);
});

test("a program that cannot be started is told in AWS's words", async () => {
  const message = 'OCI runtime create failed: exec: "/no/such": stat /no/such: no such file or directory: unknown';
  await using lab = await launched({ [calls.start]: [400, { message }] });
  const { spawnError } = await lab.container.exited;
  expect(spawnError).toBeInstanceOf(InvalidEntrypointError);
  expect(spawnError?.message).toContain("fork/exec /no/such: no such file or directory");
  expect(lab.fake.asked.at(-1)).toBe(calls.remove);
});

test.each(["create", "upload", "attach", "wait", "start"] as const)(
  "where the engine never answers to %s, a container that is killed is given up after a time",
  async (silent) => {
    await using lab = await launched({ [calls[silent]]: "silence" });
    await lab.fake.until(calls[silent]);
    lab.container.kill();
    lab.hostTime.advance(5000);
    expect(await lab.container.exited).toEqual(killed);
    expect(lab.fake.asked.includes(calls.remove)).toBe(silent !== "create");
    expect(lab.hostTime.pending).toBe(0);
  },
);

test("one that runs is given up as well, and its removal", async () => {
  await using lab = await launched({ [calls.wait]: "endless", [calls.kill]: "silence", [calls.remove]: "silence" });
  await lab.started;
  lab.container.kill();
  await lab.fake.until(calls.kill);
  lab.hostTime.advance(5000);
  await lab.fake.until(calls.remove);
  lab.hostTime.advance(5000);
  expect(await lab.container.exited).toEqual(killed);
  expect(lab.told.at(-1)).toMatch(/^LocalEmu: the container c1 could not be removed: .*longer than 5 s/);
  expect(lab.told).not.toContain("c1 is gone");
});

test("one that is killed while it is made is removed when it is there", async () => {
  await using lab = await launched({});
  lab.container.kill();
  expect(await lab.container.exited).toEqual(killed);
  expect(lab.fake.asked).not.toContain(calls.start);
});
