import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerPath, ApiLab, error, INVALID_ID, NEXT } from "./api-lab.test.fixture.ts";

let lab: ApiLab;

beforeEach(async () => {
  lab = new ApiLab();
  await lab.listen();
});

afterEach(() => lab.close());

const TOO_LATE = { status: 410, body: error("InvokeTimeout", "Invoke timeout") };

const streamed = (more: string): string =>
  `POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n${more}\r\n`;

describe("what real clients put on the wire", () => {
  test("trailers of 200 KB with the error of a stream, as aws-lambda-ric sends them", async () => {
    await lab.take("id-1");
    const thrown = JSON.stringify({ errorType: "RangeError", errorMessage: "m".repeat(150 * 1024), trace: [] });
    const trailer = ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"];
    const reply = await lab.raw(
      `${streamed(trailer.map((name) => `Trailer: ${name}\r\n`).join(""))}4\r\npart\r\n0\r\n` +
        `${trailer[0]}: RangeError\r\n${trailer[1]}: ${Buffer.from(thrown).toString("base64")}\r\n\r\n`,
      (text) => text.endsWith("}\n"),
    );
    expect(reply).toMatch(/^HTTP\/1\.1 202 Accepted\r\nContent-Type: application\/json\r\n/);
    expect(lab.happened).toEqual(["ready", ["error", thrown, "Runtime.Unknown"]]);
  });

  test("Expect: 100-continue, as curl sends it, is answered before the body", async () => {
    await lab.take("id-1");
    const socket = connect(lab.port, "127.0.0.1").setEncoding("latin1");
    const heard: string[] = [];
    const finished = new Promise<void>((resolve) => {
      socket.on("data", (chunk: string) => {
        heard.push(chunk);
        if (heard.length === 1) {
          socket.write("2\r\nok\r\n0\r\n\r\n");
        } else {
          resolve();
        }
      });
    });
    socket.write(streamed("Expect: 100-continue\r\n"));
    await finished;
    socket.destroy();
    expect(heard[0]).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    expect(lab.happened).toEqual(["ready", ["response", "ok"]]);
  });

  test("a body that ends before its length is told, where the connection is still half open", async () => {
    await lab.take("id-1");
    const socket = connect({ port: lab.port, host: "127.0.0.1", allowHalfOpen: true }).setEncoding("latin1");
    let text = "";
    const closed = new Promise((resolve) => socket.on("data", (chunk: string) => (text += chunk)).on("end", resolve));
    socket.end(`POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`);
    await closed;
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text.split("\r\n\r\n")[1]).toBe(error("TruncatedHTTPRequest", "HTTP request detected as truncated"));
    await lab.until(() => lab.happened.length === 2);
    expect(lab.happened).toEqual(["ready", ["truncated"]]);
  });

  test("a poll while the response is still arriving waits for its end", async () => {
    await lab.take("id-1");
    const socket = connect(lab.port, "127.0.0.1");
    socket.write(`POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha`);
    await lab.until(() => lab.responding === 1);
    const early = lab.send("GET", NEXT);
    // The poll has reached the server when another request on the same server was answered.
    await lab.send("GET", "/2018-06-01/ping");
    expect(lab.happened).toEqual(["ready"]);
    socket.write("lf");
    await lab.until(() => lab.happened.length === 3);
    expect(lab.happened).toEqual(["ready", ["response", "half"], "ready"]);
    lab.deliver("id-2");
    expect((await early).headers["lambda-runtime-aws-request-id"]).toBe("id-2");
    socket.destroy();
  });

  test("an error with its cause is split: the caller gets the error alone", async () => {
    await lab.take("id-1");
    const body = { errorType: "E", errorMessage: "m", stackTrace: ["s"], errorCause: { exceptions: [] } };
    const type = {
      "content-type": "application/vnd.aws.lambda.error.cause+json",
      "lambda-runtime-function-error-type": "Function.Custom",
    };
    await lab.send("POST", answerPath("id-1", "error"), JSON.stringify(body), type);
    const { errorCause: _, ...rest } = body;
    expect(lab.happened[1]).toEqual(["error", JSON.stringify(rest), "Function.Custom"]);
  });

  test("an answer that echoes another delivery's number is too late", async () => {
    expect((await lab.take("id-1", "second")).headers["lambda-runtime-invocation-id"]).toBe("second");
    const echo = (id: string): Record<string, string> => ({ "lambda-runtime-invocation-id": id });
    expect(await lab.send("POST", answerPath("id-1"), "1", echo("first"))).toMatchObject(TOO_LATE);
    expect((await lab.send("POST", answerPath("id-1"), "1", echo("second"))).status).toBe(202);
  });
});

describe("a runtime with several invocations at a time", () => {
  test("polls for each, answers in any order, and is told what was given up", async () => {
    lab.close();
    lab = new ApiLab(2);
    await lab.listen();
    const polls = [lab.send("GET", NEXT), lab.send("GET", NEXT), lab.send("GET", NEXT)];
    await lab.until(() => lab.ready.length === 2);
    lab.deliver("id-1");
    lab.deliver("id-2");
    expect(() => lab.deliver("id-3")).toThrow("waits for none");
    await Promise.race(polls);
    expect((await lab.send("POST", answerPath("id-2"), "2")).status).toBe(202);
    // The third poll waited for this.
    expect(lab.ready.slice(2)).toEqual(["id-2"]);
    lab.deliver("id-3");
    const seen = (await Promise.all(polls)).map(({ headers }) => headers["lambda-runtime-aws-request-id"]);
    expect(new Set(seen)).toEqual(new Set(["id-1", "id-2", "id-3"]));
    lab.api.abandon("id-1");
    expect(await lab.send("POST", answerPath("id-1"), "1")).toMatchObject(TOO_LATE);
    expect((await lab.send("POST", answerPath("id-3"), "3")).status).toBe(202);
    expect(await lab.send("POST", answerPath("id-2"), "again")).toMatchObject(INVALID_ID);
    expect(lab.happened.filter((what) => what !== "ready")).toEqual([
      ["response", "2"],
      ["response", "3"],
    ]);
  });
});
