import { eventOf } from "./envelope.ts";
import type { Envelope, EnvelopeOptions } from "./envelope.ts";

/** AWS: a record is as its stream has it, and the stream's ARN at its end (recorded on AWS). */
export function dynamoDbEnvelope(options: EnvelopeOptions): Envelope {
  const tail = `,"eventSourceARN":"${options.eventSourceArn}"}`;
  return {
    bytesOf: ({ data }) => data.length - 1 + tail.length,
    event: (records, window) =>
      eventOf(records.map(({ data }) => data.toString("utf8", 0, data.length - 1) + tail).join(","), window, options),
  };
}
