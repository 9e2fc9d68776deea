import { test } from "@localemu/vitest";
import { describe, expect } from "vitest";
import { received, handler } from "./handler.ts";

/** As small as tests of an application are: a stream, the handler, and what it did with a record. */
describe("pipelines", () => {
  test.for(Array.from({ length: 50 }, (_, index) => index))("pipeline %i", async (id, { emu }) => {
    const stream = await emu.createStream(`orders-${id}`);
    await using fn = await emu.attachHandler(`orders-fn-${id}`, handler);
    await fn.listen(stream);
    await stream.putJson([{ id }], { partitionKey: "k" });
    await emu.idle();
    await expect(stream).toHaveRecord({ id });
    await expect(fn).toHaveBeenInvokedWith({ Records: [{ kinesis: { data: { id } } }] });
    expect(received.at(-1)).toEqual({ id });
  });
});

/** The least that could be done: the same calls without a mapping, and the handler called by hand. */
describe("by hand", () => {
  test.for(Array.from({ length: 50 }, (_, index) => index))("by hand %i", async (id, { emu }) => {
    const stream = await emu.createStream(`plain-${id}`);
    await stream.putJson([{ id }], { partitionKey: "k" });
    const data = Buffer.from(JSON.stringify({ id })).toString("base64");
    await handler({ Records: [{ kinesis: { data } }] });
    expect(received.at(-1)).toEqual({ id });
  });
});
