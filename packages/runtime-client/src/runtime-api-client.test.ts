import { createServer, type Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { RuntimeApiClient } from "./runtime-api-client.ts";

let server: Server;
let client: RuntimeApiClient;

afterEach(() => {
  client.close();
  server.close();
  vi.restoreAllMocks();
});

type Scripted = readonly [status: number, body: string, headers?: Record<string, string>];

/** A Runtime API that gives these replies, one after the other, and notes what it is asked. */
async function apiWith(replies: readonly Scripted[], serial = true): Promise<string[]> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body, headers] = replies[asked.length] ?? [500, "nothing more"];
      const polls = request.headers["localemu-answer-polls"] === undefined ? "" : " +";
      asked.push(
        `${request.url?.slice("/2018-06-01/runtime/invocation/".length)} ${Buffer.concat(chunks).toString()}${polls}`,
      );
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  client = new RuntimeApiClient(`127.0.0.1:${typeof address === "object" ? address?.port : 0}`, "ric4", serial);
  return asked;
}

const polls = { "localemu-answer-polls": "true" };
const nextBody = async (): Promise<string> => (await client.next()).body.toString();

test("an answer is the next poll where the platform says so", async () => {
  const asked = await apiWith([
    [200, "one", polls],
    [200, "two", polls],
    [200, "three"],
    [202, ""],
    [200, "four"],
  ]);
  expect(await nextBody()).toBe("one");
  await client.postResponse("1", "a");
  expect(await nextBody()).toBe("two");
  await client.postResponse("2", "b");
  // It does not say so any more.
  expect(await nextBody()).toBe("three");
  await client.postResponse("3", "c");
  expect(await nextBody()).toBe("four");
  expect(asked).toEqual(["next  +", "1/response a +", "2/response b +", "3/response c", "next  +"]);
});

test("an answer that is refused is told, and followed by a poll", async () => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const asked = await apiWith([
    [200, "one", polls],
    [413, "too large"],
    [200, "two"],
  ]);
  await client.next();
  await client.postResponse("1", "a");
  expect(await nextBody()).toBe("two");
  expect(told.mock.calls.join("")).toMatch(
    /LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. too large\n/,
  );
  expect(asked).toEqual(["next  +", "1/response a +", "next  +"]);
});

test("an error is no poll", async () => {
  const asked = await apiWith([
    [200, "one", polls],
    [202, ""],
    [200, "two"],
  ]);
  await client.next();
  await client.postError("1", new Error("no"));
  expect(await nextBody()).toBe("two");
  expect(asked.map((line) => line.split(" ")[0])).toEqual(["next", "1/error", "next"]);
});

test("a platform that ends while an answer polls is told by the next poll", async () => {
  await apiWith([[200, "one", polls]]);
  await client.next();
  server.removeAllListeners("request").on("request", (request) => request.socket.destroy());
  await client.postResponse("1", "a");
  await expect(client.next()).rejects.toThrow("The connection to the Runtime API broke");
});

test("whoever has several events at a time asks for nothing of the kind", async () => {
  const asked = await apiWith(
    [
      [200, "one", polls],
      [202, ""],
    ],
    false,
  );
  await client.next();
  await client.postResponse("1", "a");
  expect(asked[0]).toBe("next ");
});
