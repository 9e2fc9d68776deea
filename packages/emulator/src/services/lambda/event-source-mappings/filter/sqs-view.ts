import type { JsonObject } from "./json.ts";
import { contentOfText } from "./record-view.ts";
import type { RecordView } from "./record-view.ts";

/** A message as a function's event has it, without its body. */
export interface QueuedMessage {
  readonly body: string;
  /** The message's other members: `messageId`, `attributes`, `messageAttributes`, … */
  readonly rest: JsonObject;
}

/** AWS: the body is compared as JSON if it is, else as text (AWS docs). */
export const sqsView: RecordView<QueuedMessage> = {
  contentKey: "body",
  comparesText: true,
  contentOf: ({ body }) => contentOfText(body),
  metadataOf: ({ rest }) => rest,
};
