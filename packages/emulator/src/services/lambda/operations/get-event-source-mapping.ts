import type { EventSourceMappingConfiguration, GetEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeMapping } from "../event-source-mappings/mapping.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";

export function getEventSourceMapping(
  mappings: Mappings,
  input: GetEventSourceMappingRequest,
  call: CallContext,
): EventSourceMappingConfiguration {
  return describeMapping(mappings.get(input.UUID ?? "", call.region));
}
