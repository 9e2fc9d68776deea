import { describe, expect, test } from "vitest";
import { callersQueueUrl, queueNameOf, storedQueueUrl, worldOfQueueUrl } from "./queue-url.ts";

const inWorld = "http://127.0.0.1:4566/_world/orders/000000000000/incoming";
const inDefault = "http://127.0.0.1:4566/000000000000/incoming";

describe("the world of a queue URL", () => {
  test.each<{ what: string; body: string; world: string | undefined }>([
    { what: "JSON", body: JSON.stringify({ QueueUrl: inWorld, MessageBody: "x" }), world: "orders" },
    { what: "JSON, last member", body: JSON.stringify({ MessageBody: "x", QueueUrl: inWorld }), world: "orders" },
    { what: "JSON with spaces", body: `{ "QueueUrl" : "${inWorld}" }`, world: "orders" },
    { what: "JSON with escaped slashes", body: `{"QueueUrl":"${inWorld.replaceAll("/", "\\/")}"}`, world: "orders" },
    { what: "another origin", body: `{"QueueUrl":"https://localemu.test/_world/a-1/000000000000/q"}`, world: "a-1" },
    { what: "the default world", body: JSON.stringify({ QueueUrl: inDefault }), world: undefined },
    { what: "no queue URL", body: JSON.stringify({ QueueName: "incoming" }), world: undefined },
    {
      what: "a message that holds one",
      body: JSON.stringify({ MessageBody: JSON.stringify({ QueueUrl: inWorld }) }),
      world: undefined,
    },
    {
      what: "a message before it",
      body: JSON.stringify({ MessageBody: `{"QueueUrl":"${inWorld}"}`, QueueUrl: inDefault }),
      world: undefined,
    },
    {
      what: "a message of that name",
      body: JSON.stringify({ MessageBody: "QueueUrl", QueueUrl: inWorld }),
      world: "orders",
    },
    {
      what: "an attribute of that name",
      body: JSON.stringify({ MessageAttributes: { QueueUrl: {} }, QueueUrl: inWorld }),
      world: "orders",
    },
    { what: "a broken escape", body: `{"QueueUrl":"\\x${inWorld}"}`, world: undefined },
    { what: "an unfinished string", body: `{"QueueUrl":"${inWorld}`, world: undefined },
    {
      what: "a form",
      body: `Action=SendMessage&QueueUrl=${encodeURIComponent(inWorld)}&MessageBody=x`,
      world: "orders",
    },
    { what: "a form that begins with it", body: `QueueUrl=${inWorld}&Action=SendMessage`, world: "orders" },
    { what: "a form of the default world", body: `Action=SendMessage&QueueUrl=${inDefault}`, world: undefined },
    { what: "a form with a name that ends so", body: `Action=SendMessage&MyQueueUrl=${inWorld}`, world: undefined },
    { what: "nothing", body: "", world: undefined },
  ])("$what", ({ body, world }) => {
    expect(worldOfQueueUrl(body)).toBe(world);
    expect(worldOfQueueUrl(Buffer.from(body))).toBe(world);
  });

  test("a long body costs no parsing: the URL is found behind a megabyte", () => {
    const body = Buffer.from(JSON.stringify({ MessageBody: "é".repeat(500_000), QueueUrl: inWorld }));
    expect(worldOfQueueUrl(body)).toBe("orders");
  });
});

test.each([
  inWorld,
  inDefault,
  `${inDefault}/`,
  "https://sqs.eu-central-1.amazonaws.com/123456789012/incoming",
  "incoming",
])("%s is the queue's, whatever stands before its name", (url) => expect(queueNameOf(url)).toBe("incoming"));

test("a stored queue URL comes back under the caller's origin", () => {
  const stored = storedQueueUrl("eu-central-1", "incoming");
  expect(callersQueueUrl("http://127.0.0.1:4566/_world/orders", stored)).toBe(inWorld);
});
