import type { DeleteEventSourceMappingRequest, EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export function deleteEventSourceMapping(
  mappings: Mappings,
  input: DeleteEventSourceMappingRequest,
  call: CallContext,
): EventSourceMappingConfiguration {
  return mappings.delete(input.UUID ?? "", call.region);
}
