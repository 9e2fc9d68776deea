import type { EventSourceMappingConfiguration, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export function updateEventSourceMapping(
  mappings: Mappings,
  input: UpdateEventSourceMappingRequest,
  call: CallContext,
): Promise<EventSourceMappingConfiguration> {
  return mappings.update(input.UUID ?? "", input, call.region);
}
