import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ResponseHead } from "./index.ts";
import { deferred, json, Lab, request, text } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

const stream = (body: string, options = ""): string =>
  `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} }${options});`;

describe("a streaming handler, collected", () => {
  test.for([
    [
      "writes",
      "stream.setContentType('text/plain'); stream.write('one,'); stream.write(Buffer.from('two,')); stream.end('three');",
      "one,two,three",
      "text/plain",
    ],
    ["objects as JSON", "stream.write({ a: 1 }); stream.end();", '{"a":1}', "application/octet-stream"],
    [
      "pipeline",
      "await require('stream/promises').pipeline(require('stream').Readable.from(['a', 'b']), stream);",
      "ab",
      "application/octet-stream",
    ],
    [
      "prelude",
      "stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.write('body'); stream.end();",
      `{"statusCode":201}${"\0".repeat(8)}body`,
      "application/vnd.awslambda.http-integration-response",
    ],
    [
      "prelude without a write is not sent",
      "stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.end('body');",
      "body",
      "application/vnd.awslambda.http-integration-response",
    ],
  ] as const)("%s", async ([, body, payload, contentType]) => {
    for (const runtime of ["nodejs24.x", "nodejs22.x"]) {
      const pool = lab.deploy(stream(body), { runtime });
      for (let round = 0; round < 2; round += 1) {
        const outcome = await pool.invoke(request());
        expect(text(outcome)).toBe(payload);
        expect(outcome.contentType).toBe(contentType);
        expect(outcome.functionError).toBeUndefined();
      }
    }
    expect(lab.processesStarted).toBe(2);
  });

  test.for([
    ["before the first write", ""],
    ["in the middle", "stream.write('x'.repeat(100_000));"],
  ] as const)("an error %s comes in the trailers and becomes the payload", async ([, before]) => {
    const pool = lab.deploy(stream(`${before} throw new RangeError("broken " + "y".repeat(20_000));`));
    for (let round = 0; round < 2; round += 1) {
      const outcome = await pool.invoke(request());
      expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "handler" });
      expect(json(outcome)).toEqual({
        errorType: "RangeError",
        errorMessage: `broken ${"y".repeat(20_000)}`,
        trace: expect.any(Array),
      });
    }
    expect(lab.processesStarted).toBe(1);
  });

  test("misuse of the stream is told as on Lambda", async () => {
    const late = lab.deploy(stream("stream.write('x'); stream.setContentType('text/plain');"));
    expect(json(await late.invoke(request()))).toMatchObject({
      errorType: "Runtime.InvalidStreamingOperation",
      errorMessage: "Cannot set content-type, too late.",
    });
    const sync = lab.deploy("exports.handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });");
    const notAsync = await sync.invoke(request());
    await lab.until(() =>
      lab.log.some((message) => message.includes("Streaming does not support non-async handlers.")),
    );
    expect(text(notAsync)).toBe("x");
    const other = lab.deploy(
      "exports.handler = async () => {}; exports.handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'request';",
    );
    expect(json(await other.invoke(request()))).toMatchObject({
      errorType: "Runtime.MalformedStreamingHandler",
      errorMessage: "Only response streaming is supported.",
    });
  });

  test("a stream that is never ended runs into the timeout", async () => {
    const pool = lab.deploy(stream("stream.write('x');"), { timeoutMs: 300 });
    expect((await pool.invoke(request())).functionError?.cause).toBe("timeout");
    expect((await pool.invoke(request())).functionError?.cause).toBe("timeout");
  });

  test("a stream that is destroyed is a truncated response", async () => {
    const pool = lab.deploy(
      stream("stream.write('x'); stream.destroy(new Error('gone')); await new Promise(() => {});"),
    );
    const outcome = await pool.invoke(request());
    expect(["truncatedResponse", "exit"]).toContain(outcome.functionError?.cause);
  });

  test("more than 6 MB are refused", async () => {
    const pool = lab.deploy(
      stream("for (let i = 0; i < 7; i += 1) stream.write(Buffer.alloc(1024 * 1024)); stream.end();"),
    );
    const outcome = await pool.invoke(request());
    expect(outcome.functionError?.cause).toBe("responseTooLarge");
    expect((await pool.invoke(request())).functionError?.cause).toBe("responseTooLarge");
    expect(lab.processesStarted).toBe(1);
  });
});

describe("a streaming handler with a sink", () => {
  test("hands over each chunk while the function still runs", async () => {
    // The function writes the second chunk only after the test has seen the first.
    const pool = lab.deploy(
      stream(`stream.setContentType("text/event-stream"); stream.write("first");
        const file = process.env.TMPDIR + "/go"; console.log("file " + file + " ");
        while (!require("fs").existsSync(file)) await new Promise((r) => setTimeout(r, 2));
        stream.write("second"); stream.end();`),
    );
    const { writeFileSync } = await import("node:fs");
    const heads: ResponseHead[] = [];
    const chunks: string[] = [];
    const { promise: firstSeen, resolve } = deferred();
    const invoked = pool.invoke(
      request(
        {},
        {
          onResponse: (head) => {
            heads.push(head);
            return {
              write: (chunk) => {
                chunks.push(Buffer.from(chunk).toString());
                resolve();
                return undefined;
              },
            };
          },
        },
      ),
    );
    await firstSeen;
    await lab.until(() => lab.log.some((message) => message.includes("file ")));
    expect(chunks).toEqual(["first"]);
    writeFileSync(/file (\S+) /.exec(lab.log.join(""))?.[1] ?? "", "");
    const outcome = await invoked;
    expect(chunks.join("|")).toBe("first|second");
    expect(heads).toEqual([{ mode: "streaming", contentType: "text/event-stream" }]);
    expect(outcome.payload.byteLength).toBe(0);
    expect(outcome.contentType).toBe("text/event-stream");
  });

  test("the function feels a slow reader", async () => {
    const pool = lab.deploy(
      stream(`let written = 0; const chunk = Buffer.alloc(1024 * 1024);
        for (let i = 0; i < 20; i += 1) { if (!stream.write(chunk)) await new Promise((r) => stream.once("drain", r)); written += 1; console.log("written " + written); }
        stream.end();`),
    );
    const { promise: release, resolve } = deferred();
    let received = 0;
    const invoked = pool.invoke(
      request(
        {},
        {
          onResponse: () => ({
            write: (chunk) => {
              received += chunk.byteLength;
              return release;
            },
          }),
        },
      ),
    );
    await lab.until(() => lab.log.some((message) => message.includes("written 1\n")));
    expect(received).toBeLessThan(1024 * 1024);
    expect(lab.log.some((message) => message.includes("written 20\n"))).toBe(false);
    resolve();
    await invoked;
    expect(received).toBe(20 * 1024 * 1024);
  });

  test("a reader that goes away does not stop the function", async () => {
    const pool = lab.deploy(
      stream(
        "for (let i = 0; i < 5; i += 1) stream.write(Buffer.alloc(100_000)); stream.end(); console.log('finished');",
      ),
    );
    const outcome = await pool.invoke(
      request({}, { onResponse: () => ({ write: () => Promise.reject(new Error("client gone")) }) }),
    );
    expect(outcome.functionError).toBeUndefined();
    expect(outcome.logTail).toContain("finished");
  });

  test("a buffered handler uses the sink as well; an error does not", async () => {
    const pool = lab.deploy(
      "exports.handler = async (event) => { if (event.fail) throw new Error('no'); return 'ok'; };",
    );
    const seen: string[] = [];
    const onResponse = ({ mode }: ResponseHead) => ({
      write: (chunk: Uint8Array) => {
        seen.push(`${mode} ${Buffer.from(chunk).toString()}`);
        return undefined;
      },
    });
    await pool.invoke(request({}, { onResponse }));
    expect(json(await pool.invoke(request({ fail: true }, { onResponse })))).toMatchObject({ errorMessage: "no" });
    expect(seen).toEqual(['buffered "ok"']);
  });
});
