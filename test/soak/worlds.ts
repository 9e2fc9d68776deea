import type { FaultRule } from "@localemu/control";
import { clientsOf } from "../emulator/emulator.ts";
import { every, injected } from "./calls.ts";
import { makeFunction, pickyHandler, poison } from "./make-function.ts";
import type { Bench, Work } from "./work.ts";

/** What calls of the other clients meet, and what mappings and reports do. */
const rules: readonly FaultRule[] = [
  { operation: "kinesis:PutRecord", caller: "client", error: "InternalFailure", probability: 0.05 },
  { operation: "kinesis:PutRecords", error: "ProvisionedThroughputExceededException", probability: 0.1 },
  { operation: "kinesis:GetRecords", caller: "client", latencyMs: 20 },
  { operation: "kinesis:GetRecords", caller: "mapping", error: "InternalFailure", probability: 0.2 },
  { operation: "kinesis:SubscribeToShard", error: "ResourceInUseException", probability: 0.2 },
  { operation: "lambda:Invoke", caller: "mapping", error: "TooManyRequestsException", probability: 0.1 },
  { operation: "lambda:Invoke", caller: "client", error: "ServiceException", probability: 0.02 },
  { operation: "sqs:ReceiveMessage", caller: "mapping", latencyMs: 50 },
  { operation: "sqs:DeleteMessage", caller: "mapping", error: "InternalError", probability: 0.05 },
  { operation: "sqs:SendMessage", caller: "mapping", latencyMs: 30 },
  { operation: "sqs:SendMessage", caller: "event", error: "OverLimit", probability: 0.2 },
  { operation: "dynamodb:PutItem", error: "ProvisionedThroughputExceededException", probability: 0.05 },
];

/** Kinds of calls that may be made to wait: how long they take says nothing. */
export const delayedKinds: ReadonlySet<string> = new Set(["GetRecords"]);

/** Met by the first puts of each round, so that no round is without faults. */
const firstRule: FaultRule = {
  operation: "kinesis:PutRecord",
  caller: "client",
  error: "ProvisionedThroughputExceededException",
  times: 3,
};

/** How many rules are in force at a time. */
const mostRules = 4;

/** Worlds that are made, used and dropped, and faults that come and go in the world of the others. */
export function worlds({ emu, calls, random }: Bench): Work {
  /** A world with a mapping, of whose records one is refused; dropped with all that runs in it, and sometimes while it runs. */
  async function live(): Promise<void> {
    const world = await calls.measure("world, made", () => emu.createWorld());
    if (world === undefined) return;
    const { lambda, ...others } = clientsOf(world, { maxAttempts: 1 });
    await calls.measure("world, used", async () => {
      const stream = await world.createStream("orders", { shards: 2 });
      const dlq = await world.createQueue("dlq");
      await makeFunction(lambda, "takes", pickyHandler);
      await world.function("takes").listen(stream, {
        maxRetries: 0,
        bisectOnError: true,
        onFailure: dlq,
      });
      await world.faults.add({ operation: "lambda:Invoke", error: "TooManyRequestsException", times: 1 });
      await stream.putJson([{ id: 1 }, { id: 2, text: poison }, { id: 3 }], {
        partitionKey: ({ id }) => String(id),
      });
      if (random() < 0.3) return;
      const report = await world.control.idle({ timeoutMs: 20_000 });
      const failed = (await dlq.messages()).length;
      if (report.state !== "idle" || failed !== 1)
        throw new Error(`a world is ${JSON.stringify(report)} with ${failed} failures`);
    });
    await calls.measure("world, dropped", () => world.close());
    for (const client of [lambda, ...Object.values(others)]) client.destroy();
  }

  async function changeFaults(): Promise<void> {
    const inForce = await emu.faults.list();
    const rule = rules[Math.floor(random() * rules.length)];
    const oldest = inForce[0];
    if (oldest !== undefined && inForce.length >= mostRules) await emu.faults.remove(oldest.id);
    if (rule !== undefined) await addFault(rule);
  }

  async function addFault(rule: FaultRule): Promise<void> {
    const message = rule.error === undefined ? {} : { message: `${injected}: ${rule.error}` };
    await calls.measure("fault, added", () => emu.faults.add({ ...rule, ...message }));
  }

  return {
    async prepare() {},
    async run(until) {
      await addFault(firstRule);
      await Promise.all([every(1000, until, live), every(500, until, changeFaults)]);
      await emu.faults.clear();
    },
    async finish() {
      return [];
    },
  };
}
