import { EventStreamCodec } from "@smithy/core/event-streams";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventFrame, frameHeaders } from "./event-frame.ts";

test("frames are what the SDK's codec makes of the same", () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString(),
    (text) => Buffer.from(text),
  );
  const headers = fc.dictionary(fc.string({ minLength: 1, maxLength: 50 }), fc.string({ maxLength: 300 }));
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 1000 }), (named, body) => {
      const typed = Object.entries(named).map(([name, value]) => [name, { type: "string", value }]);
      const expected = codec.encode({ headers: Object.fromEntries(typed), body });
      expect(eventFrame(frameHeaders(named), body)).toEqual(Buffer.from(expected));
    }),
  );
  expect(eventFrame(frameHeaders({}), "hällo")).toEqual(eventFrame(frameHeaders({}), Buffer.from("hällo")));
});
