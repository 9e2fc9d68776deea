import {
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { QueueHandle } from "@localemu/testkit";
import { clientsOf } from "../emulator/emulator.ts";
import { every } from "./calls.ts";
import { makeFunction, removeFunction, zipOf } from "./make-function.ts";
import type { Bench, Work } from "./work.ts";

const answering = (version: number) => `
export const handler = async (event) => {
  if (event.fail) throw new Error("asked to fail");
  return { version: ${version}, ...event };
};
`;

const chunks = 8;
const chunk = 32 * 1024;

const streaming = `
import { setImmediate } from "node:timers/promises";
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  for (let count = 0; count < ${chunks}; count++) {
    if (!stream.write(Buffer.alloc(${chunk}, "x"))) await new Promise((resolve) => stream.once("drain", resolve));
    await setImmediate();
  }
  stream.end();
});
`;

/** Invocations that are waited for, that are not and that stream, beside updates of the functions. */
export function functions({ name, emu, calls, random }: Bench): Work {
  const { lambda, logs } = clientsOf(emu, { maxAttempts: 1 });
  const streamed = `${name}-streamed`;
  const events = `${name}-events`;
  let url = "";
  let queues: readonly QueueHandle[] = [];
  let accepted = 0;
  let version = 0;

  const payload = (event: object) => Buffer.from(JSON.stringify(event));

  async function invoke(kind: string): Promise<void> {
    const Payload = payload({ fail: random() < 0.05 });
    await calls.measure(kind, () => lambda.send(new InvokeCommand({ FunctionName: name, Payload })));
  }

  async function invokeLater(): Promise<void> {
    const Payload = payload({ fail: random() < 0.2 });
    const input = { FunctionName: events, InvocationType: "Event", Payload } as const;
    if ((await calls.measure("Invoke (Event)", () => lambda.send(new InvokeCommand(input)))) !== undefined) accepted++;
  }

  async function streamEvents(): Promise<void> {
    await calls.measure("InvokeWithResponseStream", async () => {
      const { EventStream = [] } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: streamed }));
      let bytes = 0;
      for await (const { PayloadChunk } of EventStream) bytes += PayloadChunk?.Payload?.length ?? 0;
      if (bytes !== chunks * chunk) throw new Error(`${bytes} bytes came`);
    });
  }

  async function callUrl(): Promise<void> {
    await calls.measure("function URL", async () => {
      const { body } = await fetch(url);
      let bytes = 0;
      for await (const part of body ?? []) bytes += part.length;
      if (bytes !== chunks * chunk) throw new Error(`${bytes} bytes came`);
    });
  }

  /** Goes away after the first bytes. */
  async function leaveUrl(): Promise<void> {
    await calls.measure("function URL, left", async () => {
      const { body } = await fetch(url);
      for await (const _ of body ?? []) break;
    });
  }

  async function update(): Promise<void> {
    await calls.measure("UpdateFunctionCode", () =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zipOf(answering(++version)) })),
    );
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
    await calls.measure("UpdateFunctionConfiguration", () =>
      lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: name,
          Environment: { Variables: { VERSION: String(version) } },
        }),
      ),
    );
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
  }

  /** One after the other: an invocation right after an update waits for a new environment. */
  async function invokeAndUpdate(until: number): Promise<void> {
    let count = 0;
    await every(50, until, async () => {
      if (++count % 100 !== 0) return invoke("Invoke");
      await update();
      await invoke("Invoke, cold");
    });
  }

  return {
    async prepare() {
      accepted = 0;
      queues = [await emu.createQueue(`${name}-done`), await emu.createQueue(`${name}-failed`)];
      await makeFunction(lambda, name, answering(version));
      await makeFunction(lambda, events, answering(version));
      await makeFunction(lambda, streamed, streaming);
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: events,
          MaximumRetryAttempts: 0,
          DestinationConfig: {
            OnSuccess: { Destination: queues[0]?.arn },
            OnFailure: { Destination: queues[1]?.arn },
          },
        }),
      );
      const config = { FunctionName: streamed, AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" } as const;
      url = (await lambda.send(new CreateFunctionUrlConfigCommand(config))).FunctionUrl ?? "";
    },
    async run(until) {
      await Promise.all([
        invokeAndUpdate(until),
        every(200, until, invokeLater),
        every(500, until, streamEvents),
        every(500, until, callUrl),
        every(1000, until, leaveUrl),
      ]);
    },
    async finish() {
      const told = await Promise.all(queues.map((queue) => queue.messages()));
      const timeline = await emu.timeline();
      // What a destination refuses is lost, as the timeline says.
      const lost = timeline.filter(({ type }) => type === "function.eventReportFailed").length;
      const reports = told.flat().length + lost;
      for (const one of [name, events, streamed]) await removeFunction(lambda, logs, one);
      for (const { url: QueueUrl } of queues) await emu.control.call("sqs", "DeleteQueue", { QueueUrl });
      return reports === accepted ? [] : [`${accepted} events were accepted, ${reports} were reported`];
    },
  };
}
