import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Load, Victim } from "./crashes.ts";

const standard = "incoming";
const fifo = "orders.fifo";
const workers = 2;

interface Fate {
  sent: boolean;
  /** Somebody has tried to delete it. */
  deleting: boolean;
  deleted: boolean;
}

/** Sends messages, receives and deletes some of them; and sends to a FIFO queue, the last two again after each start. */
export class Messages implements Load {
  readonly #random: () => number;
  readonly #fates = new Map<string, Fate>();
  /** What was sent to the FIFO queue, with its sequence number once that was answered. */
  readonly #ordered = new Map<string, string | undefined>();
  /** Are sent again: the one was answered, the other may have come. Neither must come twice. */
  #repeated: readonly string[] = [];
  #count = 0;
  /** How many calls were answered. */
  answered = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  async prepare({ sqs }: Victim): Promise<void> {
    for (const QueueName of [standard, fifo]) await sqs.send(new CreateQueueCommand({ QueueName }));
  }

  async run({ sqs }: Victim, onAnswer: () => void): Promise<void> {
    this.#repeated = [...this.#ordered.keys()].slice(-2);
    const sendAndReceive = [() => this.#send(sqs), () => this.#receive(sqs)];
    const work = [...Array.from({ length: workers }, () => sendAndReceive).flat(), () => this.#sendInOrder(sqs)];
    await Promise.all(
      work.map(async (step) => {
        for (;;) {
          try {
            await step();
          } catch {
            // It was killed before it answered: the call may have been done, all of it, or not at all.
            return;
          }
          this.answered++;
          onAnswer();
        }
      }),
    );
  }

  async #send(sqs: SQSClient): Promise<void> {
    const url = urlOf(standard);
    const bodies = Array.from({ length: 1 + Math.floor(this.#random() * 4) }, () => `message ${this.#count++}`);
    const fates = bodies.map((body) => {
      const fate = { sent: false, deleting: false, deleted: false };
      this.#fates.set(body, fate);
      return fate;
    });
    const [first] = bodies;
    // Some can be received at once, some later.
    const DelaySeconds = this.#random() < 0.2 ? 900 : 0;
    if (bodies.length === 1)
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: first, DelaySeconds }));
    else {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    }
    for (const fate of fates) fate.sent = true;
  }

  async #receive(sqs: SQSClient): Promise<void> {
    const QueueUrl = urlOf(standard);
    const { Messages: received = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
    for (const { Body = "", ReceiptHandle } of received) {
      const fate = this.#fates.get(Body);
      // The others stay in flight.
      if (fate === undefined || this.#random() < 0.3) continue;
      fate.deleting = true;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      fate.deleted = true;
    }
  }

  async #sendInOrder(sqs: SQSClient): Promise<void> {
    const body = this.#repeated[0] ?? `order ${this.#count++}`;
    if (!this.#ordered.has(body)) this.#ordered.set(body, undefined);
    const { SequenceNumber } = await sqs.send(
      new SendMessageCommand({
        QueueUrl: urlOf(fifo),
        MessageBody: body,
        MessageGroupId: "all",
        MessageDeduplicationId: body.replace(" ", "-"),
      }),
    );
    this.#ordered.set(body, SequenceNumber);
    this.#repeated = this.#repeated.slice(1);
  }

  async problems({ emu }: Victim): Promise<readonly string[]> {
    const bodiesIn = async (queue: string) => (await emu.queue(queue).messages()).map(({ body }) => body);
    const found = await bodiesIn(standard);
    const inOrder = await bodiesIn(fifo);
    const problems: string[] = [];
    for (const bodies of [found, inOrder])
      if (new Set(bodies).size !== bodies.length) problems.push("a message is there twice");
    const there = new Set(found);
    for (const [body, { sent, deleting, deleted }] of this.#fates) {
      if (sent && !deleting && !there.has(body)) problems.push(`${body} was sent and is not there`);
      if (deleted && there.has(body)) problems.push(`${body} was deleted and is there`);
    }
    for (const body of found) if (!this.#fates.has(body)) problems.push(`nobody has sent ${body}`);
    const expected = [...this.#ordered].filter(([body, sequence]) => sequence !== undefined || inOrder.includes(body));
    if (inOrder.join() !== expected.map(([body]) => body).join()) problems.push(`the order is ${inOrder.join()}`);
    const sequences = [...this.#ordered.values()].filter((sequence) => sequence !== undefined);
    // They have as many digits each: as texts they sort like numbers.
    if (sequences.some((sequence, index) => sequence <= (sequences[index - 1] ?? "")))
      problems.push("a sequence number does not come after the one before");
    return problems;
  }
}

/** Of the URL only the queue's name matters. */
function urlOf(queueName: string): string {
  return `http://localhost/000000000000/${queueName}`;
}
