import { EventStreamCodec } from "@smithy/core/event-streams";
import type { DocumentFormat } from "./rpc-protocol.ts";
import { toAwsError } from "./errors.ts";
import type { Members } from "./protocol.ts";
import type { ServiceSchema } from "./schema-registry.ts";
import type { StructureShape } from "./shapes.ts";

export interface EventStreamOptions {
  readonly service: ServiceSchema;
  readonly format: Pick<DocumentFormat, "contentType" | "writerOf">;
  /** The union of the events. */
  readonly union: StructureShape;
  /** The document that comes before the events. */
  readonly initialResponse: string | Uint8Array;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);

/**
 * The frames of an event stream: the initial response, one frame for each event, and one for the error that the events end
 * with, if any. Format: `application/vnd.amazon.eventstream` (Smithy's documentation).
 */
export async function* eventFrames(
  events: AsyncIterable<Members>,
  { service, format, union, initialResponse }: EventStreamOptions,
): AsyncGenerator<Uint8Array> {
  const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString(), utf8);
  const writers = new Map(
    union.members.map(({ name, shape }) => [
      name,
      shape.kind === "structure" ? format.writerOf(shape, shape.members) : () => "",
    ]),
  );
  const frame = (headers: Readonly<Record<string, string>>, body: string | Uint8Array): Uint8Array =>
    codec.encode({
      headers: Object.fromEntries(
        Object.entries({ ...headers, ":content-type": format.contentType }).map(([name, value]) => [
          name,
          { type: "string", value },
        ]),
      ),
      body: typeof body === "string" ? utf8(body) : body,
    });
  const event = (type: string, body: string | Uint8Array): Uint8Array =>
    frame({ ":message-type": "event", ":event-type": type }, body);
  const exception = (thrown: unknown): Uint8Array => {
    const { code, message, fields } = toAwsError(thrown);
    const write = service.errors.has(code) ? writers.get(code) : undefined;
    if (write === undefined) {
      return frame({ ":message-type": "error", ":error-code": code, ":error-message": message }, "");
    }
    return frame({ ":message-type": "exception", ":exception-type": code }, write({ ...fields, message }));
  };

  yield event("initial-response", initialResponse);
  try {
    for await (const happening of events) {
      for (const [name, value] of Object.entries(happening)) {
        const write = writers.get(name);
        if (write !== undefined) yield event(name, write(value as Members));
      }
    }
  } catch (thrown) {
    yield exception(thrown);
  }
}
