import type { CreateEventSourceMappingRequest, EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export function createEventSourceMapping(
  mappings: Mappings,
  input: CreateEventSourceMappingRequest,
  call: CallContext,
): Promise<EventSourceMappingConfiguration> {
  return mappings.create(input, call.region);
}
