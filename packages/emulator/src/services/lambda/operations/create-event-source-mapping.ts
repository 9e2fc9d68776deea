import type { CreateEventSourceMappingRequest, EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeMapping } from "../event-source-mappings/mapping.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export async function createEventSourceMapping(
  mappings: Mappings,
  input: CreateEventSourceMappingRequest,
  call: CallContext,
): Promise<EventSourceMappingConfiguration> {
  return describeMapping(await mappings.create(input, call.region));
}
