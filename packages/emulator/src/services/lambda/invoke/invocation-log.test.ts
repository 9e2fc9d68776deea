import { expect, test } from "vitest";
import type { LambdaFunction } from "../state/function-store.ts";
import { InvocationLog } from "./invocation-log.ts";

const fn = functionNamed("f");

test("an invocation is there while it runs, and when it has ended", () => {
  const log = new InvocationLog();
  const end = log.begin(fn, begun("1", '{"a":1}'));
  expect(log.count(fn)).toEqual({ invoked: 1, running: 1 });
  expect(log.peek(fn)).toEqual([
    { requestId: "1", at: 0, source: "Invoke", executedVersion: "$LATEST", payload: '{"a":1}', outcome: "running" },
  ]);
  end({ response: Buffer.from("2"), error: undefined });
  expect(log.count(fn)).toEqual({ invoked: 1, running: 0 });
  expect(log.peek(fn)).toMatchObject([{ outcome: "success", response: "2" }]);
  log.begin(fn, begun("2", "{}"))({ response: Buffer.from("{}"), error: "Error: boom" });
  expect(log.peek(fn)).toMatchObject([{}, { outcome: "error", response: "{}", error: "Error: boom" }]);
  expect(log.peek(functionNamed("f"))).toEqual([]);
});

test("the last thousand are kept", () => {
  const log = new InvocationLog();
  for (let index = 0; index < 1500; index++) log.begin(fn, begun(String(index), "{}"));
  const kept = log.peek(fn).map(({ requestId }) => requestId);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, "500", "1499"]);
  expect(log.count(fn)).toEqual({ invoked: 1500, running: 1500 });
});

test("no more than 8 MiB are kept, but the last one in any case", () => {
  const log = new InvocationLog();
  const ends = [1, 2, 3].map((index) => log.begin(fn, begun(String(index), "x".repeat(2 * 1024 * 1024))));
  const ids = () => log.peek(fn).map(({ requestId }) => requestId);
  expect(ids()).toEqual(["1", "2", "3"]);
  const response = Buffer.alloc(3 * 1024 * 1024);
  ends[2]?.({ response, error: undefined });
  expect(ids()).toEqual(["2", "3"]);
  // One that was dropped no longer counts.
  ends[0]?.({ response, error: undefined });
  expect(ids()).toEqual(["2", "3"]);
  log.begin(fn, begun("4", "x".repeat(9 * 1024 * 1024)));
  expect(ids()).toEqual(["4"]);
});

function begun(requestId: string, payload: string) {
  return { requestId, at: 0, source: "Invoke", executedVersion: "$LATEST", payload: Buffer.from(payload) };
}

function functionNamed(name: string): LambdaFunction {
  const code = { sha256: "", size: 0, architecture: "x86_64" } as const;
  return {
    name,
    region: "us-east-1",
    arn: "",
    tags: {},
    latest: {
      version: "$LATEST",
      settings: {
        runtime: "nodejs24.x",
        handler: "",
        imageConfig: undefined,
        role: "",
        description: "",
        timeoutSeconds: 3,
        memorySizeMb: 128,
        environment: undefined,
        ephemeralStorageMb: 512,
        tracingMode: "PassThrough",
        snapStart: "None",
        logGroup: "",
        logFormat: "Text",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        kmsKeyArn: undefined,
        layers: [],
        deadLetterTargetArn: undefined,
        vpc: undefined,
      },
      code,
      lastModified: 0,
      revisionId: "",
      state: "Active",
      lastUpdate: "Successful",
      origin: "",
    },
    published: new Map(),
    aliases: new Map(),
    publication: { number: 0, settings: undefined, code: undefined },
    reservedConcurrency: undefined,
    recursiveLoop: "Terminate",
  };
}
