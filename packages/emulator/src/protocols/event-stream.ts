import { toAwsError } from "./errors.ts";
import { eventFrame, frameHeaders } from "./event-frame.ts";
import type { Members } from "./protocol.ts";
import type { DocumentFormat } from "./rpc-protocol.ts";
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

/** How an event is written: what its frame says of it, and its body. */
interface EventWriter {
  readonly headers: Buffer;
  readonly write: (value: Members) => string | Uint8Array;
}

/**
 * The frames of an event stream: the initial response, if there is one, one frame for each event, and one for the error that the
 * events end with, if any.
 */
export async function* eventFrames(
  events: AsyncIterable<Members>,
  { service, format, union, initialResponse }: EventStreamOptions,
): AsyncGenerator<Uint8Array> {
  const { contentType } = format;
  const writers = new Map(union.members.map(({ name, shape }) => [name, eventWriter(name, shape, format)]));
  if (initialResponse !== undefined) yield eventFrame(eventHeaders("initial-response", contentType), initialResponse);
  try {
    for await (const happening of events) {
      for (const [name, value] of Object.entries(happening)) {
        const writer = writers.get(name);
        if (writer !== undefined) yield eventFrame(writer.headers, writer.write(value as Members));
      }
    }
  } catch (thrown) {
    const { code, message, fields } = toAwsError(thrown);
    const writer = service.errors.has(code) ? writers.get(code) : undefined;
    const headers =
      writer === undefined
        ? { ":message-type": "error", ":error-code": code, ":error-message": message }
        : { ":message-type": "exception", ":exception-type": code };
    const body = writer === undefined ? "" : writer.write({ ...fields, message });
    yield eventFrame(frameHeaders({ ...headers, ":content-type": contentType }), body);
  }
}

/** A blob that is bound to the event's payload is the body as it is; everything else is a document. */
function eventWriter(event: string, shape: Shape, format: EventStreamOptions["format"]): EventWriter {
  const headers = eventHeaders(event, format.contentType);
  if (shape.kind !== "structure") return { headers, write: () => "" };
  const payload = shape.members.find(({ traits }) => traits.eventPayload === 1);
  if (payload?.shape.kind !== "blob") return { headers, write: format.writerOf(shape, shape.members) };
  const { name } = payload;
  return { headers: eventHeaders(event, "application/octet-stream"), write: (value) => value[name] as Uint8Array };
}

function eventHeaders(event: string, contentType: string): Buffer {
  return frameHeaders({ ":message-type": "event", ":event-type": event, ":content-type": contentType });
}
