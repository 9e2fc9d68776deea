import { createServer } from "node:net";
import { CreateStreamCommand, ListStreamsCommand, RegisterStreamConsumerCommand } from "@aws-sdk/client-kinesis";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { ControlClient } from "@localemu/control";
import { describe, expect, test } from "vitest";
import { Command } from "./command-line.ts";
import { clientsAt } from "./emulator.ts";
import { createFunction, hasEnded, invoke, isAlive, processFunction } from "./functions.ts";
import { Http2Calls } from "./http2-calls.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

describe("start", () => {
  test("prints where it listens, then that it is ready", async () => {
    await using command = new Command(["start"], { LOCALEMU_PORT: "0" });
    const endpoint = await command.ready;
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await new ControlClient(endpoint).info()).endpoint).toBe(endpoint);
  });

  test("takes options as arguments and environment variables, arguments first", async () => {
    const environment = { LOCALEMU_PORT: "99999", LOCALEMU_REGION: "eu-central-1", LOCALEMU_CLOCK: "frozen" };
    await using bad = new Command(["start"], environment);
    expect(await bad.ended).toMatchObject({ code: 2 });
    await using command = new Command(["start", "--port", "0"], { ...environment, LOCALEMU_PORT: "4566" });
    const control = new ControlClient(await command.ready);
    expect(await control.info()).toMatchObject({ region: "eu-central-1" });
    expect(await control.clock.read()).toMatchObject({ mode: "frozen" });
  });

  test("makes the streams that it is told to, and says of what has no effect", async () => {
    await using command = new Command(["start", "--port", "0"], {
      KINESIS_INITIALIZE_STREAMS: "orders:2",
      KINESIS_PROVIDER: "kinesalite",
      SYNCHRONOUS_KINESIS_EVENTS: "1",
      USE_SSL: "",
    });
    const { kinesis } = clientsAt({ endpoint: await command.ready, credentials });
    expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["orders"]);
    command.signal("SIGTERM");
    expect((await command.ended).errors).toBe(
      "localemu: KINESIS_PROVIDER has no effect\n" +
        "localemu: SYNCHRONOUS_KINESIS_EVENTS has no effect: use the clock and idle of the control API\n",
    );
  });

  test("says in one line that its port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await using command = new Command(["start", "--port", String(port)]);
    expect(await command.ended).toEqual({
      code: 3,
      output: "",
      errors: `localemu: listen EADDRINUSE: address already in use 127.0.0.1:${port}: another program listens there; choose another port with --port or LOCALEMU_PORT (0 for any free one)\n`,
    });
    server.close();
  });
});

test.each([
  [["--version"], /^\d+\.\d+\.\d+\n$/],
  [["-v"], /^\d+\.\d+\.\d+\n$/],
  [["--help"], /^LocalEmu [\s\S]*localemu start[\s\S]*localemu timeline[\s\S]*LOCALEMU_PORT/],
  [["-h"], /localemu start/],
  [[], /localemu start/],
  [["start", "--help"], /localemu start/],
  [["timeline", "--help"], /localemu timeline/],
])("localemu %j", async (args, expected) => {
  await using command = new Command(args);
  expect(await command.ended).toEqual({ code: 0, output: expect.stringMatching(expected), errors: "" });
});

test("an address that is not this machine's ends it with the code of one that cannot be listened on", async () => {
  await using command = new Command(["start", "--port", "0", "--host", "192.0.2.1"]);
  expect(await command.ended).toEqual({
    code: 3,
    output: "",
    errors: "localemu: listen EADDRNOTAVAIL: address not available 192.0.2.1\n",
  });
});

test.each([
  [["stop"], {}, "unknown command stop; see localemu --help"],
  [["start", "--prot", "1"], {}, "unknown option --prot; see localemu --help"],
  [["start", "--port"], {}, "option --port needs a value"],
  [["start", "--port", "abc"], {}, 'option --port must be an integer from 0 to 65535, not "abc"'],
  [["start", "--port", ""], {}, 'option --port must be an integer from 0 to 65535, not ""'],
  [["start", "--port", "65536"], {}, 'option --port must be an integer from 0 to 65535, not "65536"'],
  [["start"], { LOCALEMU_PORT: "abc" }, 'LOCALEMU_PORT must be an integer from 0 to 65535, not "abc"'],
  [["start"], { LOCALEMU_REGION: "here" }, 'LOCALEMU_REGION must be a region such as us-east-1, not "here"'],
  [["start"], { LOCALEMU_CLOCK: "fast" }, 'LOCALEMU_CLOCK must be running, frozen or auto, not "fast"'],
  [
    ["start"],
    { KINESIS_ERROR_PROBABILITY: "1.5" },
    'KINESIS_ERROR_PROBABILITY must be a number from 0 to 1, not "1.5"',
  ],
  [["start"], { LOCALEMU_PROT: "4567" }, "unknown variable LOCALEMU_PROT; did you mean LOCALEMU_PORT?"],
  [
    ["start"],
    { KINESIS_INITIALIZE_STREAMS: "orders" },
    'KINESIS_INITIALIZE_STREAMS must be streams with 1 to 10000 shards, such as orders:2 or orders:2:eu-west-1, not "orders"',
  ],
  [
    ["start"],
    { LOCALEMU_LOG_LEVEL: "loud" },
    'LOCALEMU_LOG_LEVEL must be one of off, error, warn, info, debug, not "loud"',
  ],
  [["start", "--log-format", "xml"], {}, 'option --log-format must be text or json, not "xml"'],
  [
    ["start"],
    { LOCALEMU_STOP_GRACE_MS: "1s" },
    'LOCALEMU_STOP_GRACE_MS must be an integer from 0 to 3600000, not "1s"',
  ],
  [
    ["start"],
    { LOCALEMU_TMPDIR: "/dev/null/work" },
    `LOCALEMU_TMPDIR must be a directory that can be written to, not "/dev/null/work" (ENOTDIR: not a directory, mkdir '/dev/null/work')`,
  ],
  [["timeline"], {}, "timeline needs a file, or - for standard input; see localemu --help"],
  [["timeline", "--reverse", "a"], {}, "unknown option --reverse; see localemu --help"],
  [["timeline", "a", "b"], {}, "timeline takes one file, and b is another"],
])("localemu %j with %j ends with one line", async (args, environment, line) => {
  await using command = new Command(args, environment);
  expect(await command.ended).toEqual({ code: 2, output: "", errors: `localemu: ${line}\n` });
});

test("it goes on when nobody reads what it prints", async () => {
  await using command = new Command(["start", "--port", "0", "--log-level", "debug"], { ENFORCE_IAM: "soft" });
  const endpoint = await command.ready;
  const { kinesis } = clientsAt({ endpoint, credentials }, { maxAttempts: 1 });
  command.stopReading();
  for (let call = 0; call < 3; call++) await kinesis.send(new ListStreamsCommand());
  command.signal("SIGTERM");
  expect(await command.ended).toMatchObject({ code: 0 });
});

test("when a bug ends it, its functions end with it", async () => {
  // Throws where nobody catches it.
  const bug = encodeURIComponent('process.on("SIGUSR2", () => { throw new Error("planted"); })');
  await using command = new Command(["start", "--port", "0", "--log-level", "debug"], {
    NODE_OPTIONS: `--import=data:text/javascript,${bug}`,
  });
  const endpoint = await command.ready;
  const { lambda } = clientsAt({ endpoint, credentials }, { maxAttempts: 1 });
  const busy = `export const handler = async ({ spin }) => {
    if (spin) console.log("spinning");
    while (spin);
    return process.pid;
  };`;
  await createFunction(lambda, "f", busy, { Timeout: 60 });
  const pid = await invoke(lambda, "f");
  invoke(lambda, "f", { spin: true }).catch(() => {});
  await command.printed(/spinning/);
  command.signal("SIGUSR2");
  expect(await command.ended).toMatchObject({ code: 1, errors: expect.stringContaining("Error: planted") });
  await hasEnded(pid);
});

/** What waits for something that does not come: a long poll, a subscription, idle and a follower of the timeline. */
async function parkedCalls(endpoint: string, session: Http2Calls, expected: readonly string[]) {
  const { kinesis, sqs } = clientsAt({ endpoint, credentials });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  const StreamARN = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "app" }));
  const position = { ShardId: "shardId-000000000000", StartingPosition: { Type: "LATEST" } };
  const subscription = { ConsumerARN: Consumer?.ConsumerARN, ...position };

  const control = new ControlClient(endpoint);
  const after = (await control.timeline()).at(-1)?.id ?? 0;
  const caller = { path: "/", accessKeyId: "test" };
  const poll = { QueueUrl, WaitTimeSeconds: 20 };
  const seen = new Set<string>();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const following = (async () => {
    for await (const { type } of control.followTimeline({ after })) {
      seen.add(type);
      if (expected.every((one) => seen.has(one))) resolve();
    }
  })();
  const parked = [
    session.call(caller, "sqs", "AmazonSQS.ReceiveMessage", poll),
    session.call(caller, "kinesis", "Kinesis_20131202.SubscribeToShard", subscription),
    control.idle({ timeoutMs: 60_000 }),
    following,
  ];
  return { begun, settled: Promise.allSettled(parked) };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s stops it whatever is under way, and its functions with it",
  async (signal) => {
    await using command = new Command(["start", "--port", "0"], { LOCALEMU_STOP_GRACE_MS: "0" });
    const endpoint = await command.ready;
    const { lambda } = clientsAt({ endpoint, credentials });
    await createFunction(lambda, "f", processFunction, { Timeout: 60 });
    const pid = await invoke(lambda, "f");
    using session = new Http2Calls(endpoint);
    const { begun, settled } = await parkedCalls(endpoint, session, ["function.invoked", "stream.subscribed"]);
    const invoked = Promise.allSettled([invoke(clientsAt({ endpoint, credentials }).lambda, "f", { hang: true })]);
    await session.arrived();
    await begun;
    expect(isAlive(pid)).toBe(true);

    const before = performance.now();
    command.signal(signal);
    expect(await command.ended).toMatchObject({ code: 0, errors: "" });
    expect(performance.now() - before).toBeLessThan(2000);
    expect(isAlive(pid)).toBe(false);
    await settled;
    await invoked;
  },
);

test("with time for what functions do it stops as fast, and complains of nothing, where others only wait", async () => {
  await using command = new Command(["start", "--port", "0"]);
  const endpoint = await command.ready;
  using session = new Http2Calls(endpoint);
  const { begun, settled } = await parkedCalls(endpoint, session, ["stream.subscribed"]);
  await session.arrived();
  await begun;
  const before = performance.now();
  command.signal("SIGTERM");
  expect(await command.ended).toMatchObject({ code: 0, errors: "" });
  expect(performance.now() - before).toBeLessThan(2000);
  await settled;
});
