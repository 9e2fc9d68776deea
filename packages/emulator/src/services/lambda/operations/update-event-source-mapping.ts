import type { EventSourceMappingConfiguration, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeMapping } from "../event-source-mappings/mapping.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export async function updateEventSourceMapping(
  mappings: Mappings,
  input: UpdateEventSourceMappingRequest,
  call: CallContext,
): Promise<EventSourceMappingConfiguration> {
  return describeMapping(await mappings.update(input.UUID ?? "", input, call.region));
}
