import type { Cors } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { rawRequest } from "../emulator/raw-http.ts";
import type { RawReply } from "../emulator/raw-http.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, urlOf, withMetadata } from "./streaming-api.ts";

const server = lambdaServer();
let count = 0;
const origin = "https://app.example";
const answer = `exports.handler = async () => ({ statusCode: 200, body: "answered",
  headers: { "access-control-allow-origin": "https://function.example", "Access-Control-Max-Age": "1", vary: "Accept" } });`;

async function urlWith(
  Cors: Cors | undefined,
  source = answer,
  InvokeMode: "BUFFERED" | "RESPONSE_STREAM" = "BUFFERED",
) {
  const { lambda } = server.current;
  const name = `cors-${++count}`;
  await deploy(lambda, name, source);
  return urlOf(lambda, name, { InvokeMode, ...(Cors === undefined ? {} : { Cors }) });
}

const preflight = (url: string, from = origin): Promise<RawReply> =>
  rawRequest(url, {
    method: "OPTIONS",
    path: new URL(url).pathname,
    headers: { origin: from, "access-control-request-method": "PUT", "access-control-request-headers": "x-a" },
  });

const get = (url: string, headers = { origin }): Promise<RawReply> =>
  rawRequest(url, { method: "GET", path: new URL(url).pathname, headers });

/** The headers that are about web pages. */
const corsOf = ({ headers }: RawReply) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control|^vary$/.test(name)));

test("a preflight is answered without the function, with what the URL's settings say", async () => {
  const { emu } = server.current;
  const url = await urlWith({
    AllowOrigins: [origin],
    AllowMethods: ["GET", "PUT"],
    AllowHeaders: ["x-a", "x-b"],
    ExposeHeaders: ["x-c"],
    AllowCredentials: true,
    MaxAge: 300,
  });
  const before = (await emu.timeline()).length;
  const reply = await preflight(url);
  expect(reply).toMatchObject({ status: 200, body: "" });
  expect(corsOf(reply)).toEqual({
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET,PUT",
    "access-control-allow-headers": "x-a,x-b",
    "access-control-allow-credentials": "true",
    "access-control-max-age": "300",
    vary: "Origin",
  });
  expect(corsOf(await preflight(url, "https://other.example"))).toEqual({});
  expect(await emu.timeline()).toHaveLength(before);
});

describe.each(["BUFFERED", "RESPONSE_STREAM"] as const)("a reply of a URL with %s", (mode) => {
  const metadata = { headers: { "access-control-allow-origin": "https://function.example", vary: "Accept" } };
  const source = mode === "BUFFERED" ? answer : withMetadata(metadata, "stream.write('answered'); stream.end();");

  test("has each header once, the URL's and not the function's", async () => {
    const reply = await get(await urlWith({ AllowOrigins: ["*"], ExposeHeaders: ["x-c", "date"] }, source, mode));
    expect(reply.body).toBe("answered");
    expect(corsOf(reply)).toEqual({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-c,date",
      vary: "Accept, Origin",
    });
  });

  test("tells nothing to a page that may not, and to what is no page", async () => {
    const url = await urlWith({ AllowOrigins: [origin], AllowCredentials: true }, source, mode);
    expect(corsOf(await get(url, { origin: "https://other.example" }))).toEqual({ vary: "Accept, Origin" });
    expect(corsOf(await rawRequest(url, { path: new URL(url).pathname }))).toEqual({ vary: "Accept, Origin" });
    expect(corsOf(await get(url))).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
    });
  });
});

test("an error has them as well", async () => {
  const url = await urlWith({ AllowOrigins: ["*"] }, "exports.handler = async () => { throw new Error('no'); };");
  const reply = await get(url);
  expect(reply.status).toBe(502);
  expect(reply.headers["access-control-allow-origin"]).toBe("*");
});

test("without settings the function answers itself, preflights too", async () => {
  const url = await urlWith(undefined);
  for (const reply of [await preflight(url), await get(url)]) {
    expect(reply.body).toBe("answered");
    expect(corsOf(reply)).toEqual({
      "access-control-allow-origin": "https://function.example",
      "access-control-max-age": "1",
      vary: "Accept",
    });
  }
});
