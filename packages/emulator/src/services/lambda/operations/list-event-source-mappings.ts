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
  const start = Marker === undefined ? 0 : numberOf(Marker);
  const rest = found.filter(({ number }) => number >= start);
  const end = Math.min(MaxItems ?? largestPage, largestPage);
  const next = rest[end];
  return {
    EventSourceMappings: rest.slice(0, end).map(describeForList),
    ...(next === undefined ? {} : { NextMarker: markerOf(next.number) }),
  };
}

/** A marker holds when mappings are deleted between two pages, even the one that it stands for. */
function markerOf(number: number): string {
  return Buffer.from(String(number)).toString("base64url");
}

function numberOf(marker: string): number {
  const number = Number(Buffer.from(marker, "base64url").toString());
  // Assumed: the text.
  if (!Number.isInteger(number) || markerOf(number) !== marker) throw invalid("Invalid Marker");
  return number;
}

/** A name without a qualifier means the mappings of all of them. */
function isOf({ function: mapped }: Mapping, reference: string): boolean {
  const address = parseFunctionAddress(reference);
  if (address?.name !== mapped.name) return false;
  return address.qualifier === undefined || address.qualifier === mapped.qualifier;
}
