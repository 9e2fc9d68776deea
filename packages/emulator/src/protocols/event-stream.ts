import { EventStreamCodec } from "@smithy/core/event-streams";
import type { DocumentFormat } from "./rpc-protocol.ts";
import { toAwsError } from "./errors.ts";
import type { Members } from "./protocol.ts";
import type { ServiceSchema } from "./schema-registry.ts";
import type { Shape, StructureShape } from "./shapes.ts";

export interface EventStreamOptions {
  readonly service: ServiceSchema;
  readonly format: Pick<DocumentFormat, "contentType" | "writerOf">;
  /** The union of the events. */
  readonly union: StructureShape;
  /** The document that comes before the events; a REST service has none: its headers say it. */
  readonly initialResponse?: string | Uint8Array;
}

/** The body of an event in its frame. */
interface EventBody {
  readonly contentType: string;
  readonly write: (value: Members) => string | Uint8Array;
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
  const bodies = new Map(union.members.map(({ name, shape }) => [name, eventBody(shape, format)]));
  const frame = (
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    contentType = format.contentType,
  ): Uint8Array =>
    codec.encode({
      headers: Object.fromEntries(
        Object.entries({ ...headers, ":content-type": contentType }).map(([name, value]) => [
          name,
          { type: "string", value },
        ]),
      ),
      body: typeof body === "string" ? utf8(body) : body,
    });
  const event = (type: string, body: string | Uint8Array, contentType?: string): Uint8Array =>
    frame({ ":message-type": "event", ":event-type": type }, body, contentType);
  const exception = (thrown: unknown): Uint8Array => {
    const { code, message, fields } = toAwsError(thrown);
    const body = service.errors.has(code) ? bodies.get(code) : undefined;
    if (body === undefined) {
      return frame({ ":message-type": "error", ":error-code": code, ":error-message": message }, "");
    }
    return frame({ ":message-type": "exception", ":exception-type": code }, body.write({ ...fields, message }));
  };

  if (initialResponse !== undefined) yield event("initial-response", initialResponse);
  try {
    for await (const happening of events) {
      for (const [name, value] of Object.entries(happening)) {
        const body = bodies.get(name);
        if (body !== undefined) yield event(name, body.write(value as Members), body.contentType);
      }
    }
  } catch (thrown) {
    yield exception(thrown);
  }
}

/** A blob that is bound to the event's payload is the body as it is; everything else is a document. */
function eventBody(shape: Shape, format: EventStreamOptions["format"]): EventBody {
  const { contentType } = format;
  if (shape.kind !== "structure") return { contentType, write: () => "" };
  const payload = shape.members.find(({ traits }) => traits.eventPayload === 1);
  if (payload?.shape.kind !== "blob") return { contentType, write: format.writerOf(shape, shape.members) };
  const { name } = payload;
  return { contentType: "application/octet-stream", write: (value) => value[name] as Uint8Array };
}
