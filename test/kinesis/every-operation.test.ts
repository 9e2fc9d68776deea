import http from "node:http";
import type { IncomingMessage } from "node:http";
import * as sdk from "@aws-sdk/client-kinesis";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import type { KinesisClientConfig } from "@aws-sdk/client-kinesis";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { cbor } from "@smithy/core/cbor";
import { EventStreamCodec } from "@smithy/core/event-streams";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { LocalEmu } from "@localemu/testkit";
import { expect, test } from "vitest";
import { notImplemented } from "../../packages/emulator/src/services/kinesis/not-implemented.ts";
import { commandsOf } from "../emulator/every-operation.ts";
import type { Client } from "../emulator/every-operation.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, signature } from "../emulator/raw-http.ts";
import { steps, subjectOf } from "./calls-of-every-operation.ts";
import type { About } from "./calls-of-every-operation.ts";

const emulated = emulatorTest({ clock: "frozen" });
const commands = new Map(commandsOf(sdk).map(({ operation, Command }) => [operation, Command]));

/** Calls an operation. Instead of its stream of events the answer has the first one of them, as `Event`. */
type Call = (operation: string, input: object) => Promise<object>;

/** As an application calls: by the SDK, with a handler or a protocol that it does not have by itself. */
function bySdk(protocol: string, change: Partial<KinesisClientConfig> = {}) {
  return (emu: LocalEmu): Call & Disposable => {
    const client = new KinesisClient({ ...emu.getClientConfig(), ...change });
    expect(client.config.requestHandler.metadata).toEqual({ handlerProtocol: protocol });
    const sender: Client = client;
    const call: Call = async (operation, input) => {
      const Command = commands.get(operation);
      if (Command === undefined) throw new Error(`the SDK has no ${operation}`);
      const answer = await sender.send(new Command(input));
      if (typeof answer !== "object" || answer === null) throw new Error(`${operation} has no answer`);
      const { $metadata: _, ...members } = { $metadata: undefined, ...answer };
      return withFirstEvent(members);
    };
    return Object.assign(call, { [Symbol.dispose]: () => client.destroy() });
  };
}

async function withFirstEvent(members: object): Promise<object> {
  if (!("EventStream" in members)) return members;
  if (!isEvents(members.EventStream)) throw new Error("the subscription has no events");
  for await (const { SubscribeToShardEvent } of members.EventStream) return { Event: SubscribeToShardEvent };
  throw new Error("the subscription ended at once");
}

function isEvents(value: unknown): value is AsyncIterable<{ readonly SubscribeToShardEvent?: object }> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

const cborType = "application/x-amz-cbor-1.1";
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString(), utf8);

/** As the Java SDK calls: CBOR by POST over HTTP/1.1. */
function byHand({ endpoint }: LocalEmu): Call & Disposable {
  const call: Call = async (operation, input) => {
    const headers = {
      ...signature("kinesis"),
      "content-type": cborType,
      "x-amz-target": `${kinesisTarget}.${operation}`,
    };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = http.request(endpoint, { method: "POST", agent: false, headers }, resolve).on("error", reject);
    request.end(cbor.serialize(input));
    const response = await promise;
    if (operation === "SubscribeToShard") return { Event: await firstEvent(response) };
    const bytes = Buffer.concat(await response.toArray());
    const output: unknown = bytes.length === 0 ? {} : cbor.deserialize(bytes);
    expect({ operation, status: response.statusCode, output }).toMatchObject({
      status: 200,
      output: expect.any(Object),
    });
    expect(response.headers["content-type"]).toBe(cborType);
    return typeof output === "object" && output !== null ? output : {};
  };
  return Object.assign(call, { [Symbol.dispose]: () => {} });
}

/** What the second frame of a subscription holds; the first one is empty. */
async function firstEvent(response: IncomingMessage): Promise<object> {
  expect(response.headers["content-type"]).toBe("application/vnd.amazon.eventstream");
  const frames: { readonly type: unknown; readonly document: object }[] = [];
  let bytes = Buffer.alloc(0);
  for await (const chunk of response) {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4 && bytes.length >= bytes.readUInt32BE()) {
      const { headers, body } = codec.decode(bytes.subarray(0, bytes.readUInt32BE()));
      bytes = bytes.subarray(bytes.readUInt32BE());
      expect(headers).toMatchObject({ ":message-type": { value: "event" }, ":content-type": { value: cborType } });
      frames.push({ type: headers[":event-type"]?.value, document: cbor.deserialize(body) });
    }
    const [first, second] = frames;
    if (second === undefined) continue;
    expect(first).toEqual({ type: "initial-response", document: {} });
    expect(second.type).toBe("SubscribeToShardEvent");
    return second.document;
  }
  throw new Error("the subscription ended at once");
}

/** Bytes as the text that they are. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readable(member)]));
}

emulated.for([
  ["the SDK's own transport, HTTP/2", bySdk("h2")],
  ["the SDK over HTTP/1.1", bySdk("http/1.1", { requestHandler: new NodeHttpHandler() })],
  ["the SDK in Smithy RPC v2 CBOR", bySdk("h2", { protocol: AwsSmithyRpcV2CborProtocol })],
  ["CBOR 1.1 over HTTP/1.1", byHand],
] as const)("every operation answers over %s", async ([, callerOf], { emulator }) => {
  await using world = await emulator.emu.createWorld();
  using call = callerOf(world);
  let subject = subjectOf("orders");
  for (const [operation, input, answer] of steps) {
    const output = await call(operation, input(subject));
    subject = { ...subject, ...learned(output) };
    const expected = answer(subject);
    const told = { operation, output: readable(output) };
    if (Object.keys(expected).length === 0) expect(told).toEqual({ operation, output: {} });
    else expect(told).toMatchObject({ operation, output: expected });
  }
});

/** What later calls need of an answer. */
function learned(output: object): Partial<Pick<About, "ConsumerARN" | "ShardIterator">> {
  const { ShardIterator, Consumer } = { ShardIterator: undefined, Consumer: undefined, ...output };
  const { ConsumerARN } = { ConsumerARN: undefined, ...Object(Consumer) };
  return {
    ...(typeof ShardIterator === "string" ? { ShardIterator } : {}),
    ...(typeof ConsumerARN === "string" ? { ConsumerARN } : {}),
  };
}

test("every operation is called", () => {
  const called = new Set(steps.map(([operation]) => operation));
  const offered = [...commands.keys()].filter((operation) => !Object.hasOwn(notImplemented, operation));
  expect([...called].toSorted()).toEqual(offered.toSorted());
});
