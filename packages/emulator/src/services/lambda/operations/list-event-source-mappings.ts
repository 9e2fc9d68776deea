import type { ListEventSourceMappingsRequest, ListEventSourceMappingsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeForList } from "../event-source-mappings/mapping.ts";
import type { Mapping } from "../event-source-mappings/mapping.ts";
import { invalid } from "../event-source-mappings/mapping-request.ts";
import type { Mappings } from "../event-source-mappings/mappings.ts";
import { parseFunctionAddress } from "../function-address.ts";

// AWS docs: a page has 100 mappings at most, whatever was asked for.
const largestPage = 100;

/** AWS: an event source or a function that does not exist has no mappings; that is no error (recorded on AWS). */
export function listEventSourceMappings(
  mappings: Mappings,
  input: ListEventSourceMappingsRequest,
  call: CallContext,
): ListEventSourceMappingsResponse {
  const { EventSourceArn, FunctionName, Marker, MaxItems } = input;
  const found = mappings
    .list(call.region)
    .filter((mapping) => EventSourceArn === undefined || mapping.eventSourceArn === EventSourceArn)
    .filter((mapping) => FunctionName === undefined || isOf(mapping, FunctionName));
  const start = Marker === undefined ? 0 : found.findIndex((mapping) => mapping.uuid === Marker);
  // Assumed: the text. A mapping that was deleted since cannot be gone on from.
  if (start === -1) throw invalid("Invalid Marker");
  const end = start + Math.min(MaxItems ?? largestPage, largestPage);
  const next = found[end];
  return {
    EventSourceMappings: found.slice(start, end).map(describeForList),
    ...(next === undefined ? {} : { NextMarker: next.uuid }),
  };
}

/** A name without a qualifier means the mappings of all of them. */
function isOf({ function: mapped }: Mapping, reference: string): boolean {
  const address = parseFunctionAddress(reference);
  if (address?.name !== mapped.name) return false;
  return address.qualifier === undefined || address.qualifier === mapped.qualifier;
}
