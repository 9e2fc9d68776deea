import type * as sdk from "@aws-sdk/client-lambda";
import type { CallContext, OperationsOf, ServiceImplementation } from "../../protocols/operations.ts";
import type { Mappings } from "./event-source-mappings/mappings.ts";
import type { FunctionOperations } from "./function-operations.ts";
import type { notImplemented } from "./not-implemented.ts";
import type { TagOperations } from "./tag-operations.ts";
import { createEventSourceMapping } from "./operations/create-event-source-mapping.ts";
import { deleteEventSourceMapping } from "./operations/delete-event-source-mapping.ts";
import { getEventSourceMapping } from "./operations/get-event-source-mapping.ts";
import { listEventSourceMappings } from "./operations/list-event-source-mappings.ts";
import { updateEventSourceMapping } from "./operations/update-event-source-mapping.ts";

type Client = typeof sdk;

export type MappingOperations = ServiceImplementation<
  Client,
  CallContext,
  Exclude<keyof OperationsOf<Client>, `${string}EventSourceMapping${string}`>
>;

/** Every operation of Lambda that is not declined: leaving one out does not compile. */
export type LambdaOperations = {
  readonly [Name in Exclude<keyof OperationsOf<Client>, keyof typeof notImplemented>]: (FunctionOperations &
    MappingOperations &
    TagOperations)[Name];
};

export function mappingOperations(mappings: Mappings): MappingOperations {
  return {
    CreateEventSourceMapping: (input, call) => createEventSourceMapping(mappings, input, call),
    DeleteEventSourceMapping: (input, call) => deleteEventSourceMapping(mappings, input, call),
    GetEventSourceMapping: (input, call) => getEventSourceMapping(mappings, input, call),
    ListEventSourceMappings: (input, call) => listEventSourceMappings(mappings, input, call),
    UpdateEventSourceMapping: (input, call) => updateEventSourceMapping(mappings, input, call),
  };
}
