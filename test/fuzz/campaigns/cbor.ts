import { cbor as encoder } from "@smithy/core/cbor";
import fc from "fast-check";
import { signature } from "../../emulator/raw-http.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";
import { targetCalls } from "./seed-calls.ts";

const calls = targetCalls.filter(({ service }) => service === "kinesis");

/** Documents that promise more than they hold, or nest without end. */
const crafted = [
  // Strings, bytes, lists and maps of 2^32 - 1 and of 2^64 - 1.
  "5affffffff",
  "5bffffffffffffffff",
  "7affffffff",
  "7bffffffffffffffff",
  "9affffffff",
  "9bffffffffffffffff",
  "baffffffff",
  "bbffffffffffffffff",
  "9b00000000ffffffff00",
  // Strings, lists and maps without a length, with or without an end; wrong parts in them.
  "5f",
  "5f41004101ff",
  "5f6161ff",
  "7f6161ff",
  "7f01ff",
  "9f",
  "9fff",
  "bf",
  "bf61",
  "bfff",
  "bf6161ff",
  "ff",
  // Keys that are no text; the same key twice; `__proto__` as a key.
  "a10102",
  "a18001",
  "a1f601",
  "a2616101616102",
  "a1695f5f70726f746f5f5fa1616101",
  // Tags: a time of text, a huge number, one that nobody knows, one after the other.
  "c06161",
  "c1fbfff0000000000000",
  "c1f97e00",
  "c25affffffff",
  "c4820100",
  "c482a0a0",
  "dbffffffffffffffff00",
  "f8ff",
  "f97c00",
  "1c",
  times("c1", 50_000) + "00",
  times("81", 50_000) + "00",
  times("9f", 50_000),
  times("a16161", 50_000) + "00",
  times("bf6161", 50_000),
].map((hex) => Buffer.from(hex, "hex"));

/** A crafted document as a call's member. */
const asMember = crafted.map((value) => Buffer.concat([Buffer.from("a16a53747265616d4e616d65", "hex"), value]));
const seeds = calls.map(({ input }) => Buffer.from(encoder.serialize(input)));

export const cbor = campaign("CBOR documents", {
  inputs: fc.record({
    target: fc.constantFrom(...calls.map((call) => call.target)),
    rpcV2: fc.boolean(),
    body: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...crafted, ...asMember) },
      { weight: 4, arbitrary: mutated(seeds, ["\xbf", "\x9f", "\xff", "\xfb", "\x5b", "\xc1"]) },
      { weight: 1, arbitrary: mutated(crafted.filter(({ length }) => length < 100)) },
    ),
  }),
  send: (endpoint, { target, rpcV2, body }) => {
    const [service = "", operation = ""] = target.split(".");
    return sendHttp(endpoint, {
      method: "POST",
      path: rpcV2 ? `/service/${service}/operation/${operation}` : "/",
      headers: {
        ...signature("kinesis"),
        ...(rpcV2
          ? { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" }
          : { "content-type": "application/x-amz-cbor-1.1", "x-amz-target": target }),
      },
      body,
    });
  },
});
