import type { OperationSchema } from "./schema-registry.ts";
import type { StructureShape } from "./shapes.ts";

/** The type of a body that is a stream of events. */
export const eventStreamType = "application/vnd.amazon.eventstream";

export interface EventStreamMember {
  readonly name: string;
  /** The union of the events. */
  readonly shape: StructureShape;
}

/** The member of an operation's output that is sent as a stream of events. */
export function eventStreamOf({ output }: OperationSchema): EventStreamMember | undefined {
  for (const { name, shape } of output.members) {
    if (shape.kind === "structure" && shape.eventStream) return { name, shape };
  }
  return undefined;
}
