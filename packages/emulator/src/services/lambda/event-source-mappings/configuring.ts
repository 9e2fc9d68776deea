import type { UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { Mapping } from "./mapping.ts";
import { queueConfigurationOf } from "./queue-request.ts";
import { streamConfigurationOf } from "./stream-request.ts";

/** What a request changes of a mapping's settings; nothing is changed before the returned function is called. Throws AwsError. */
export function configuring(mapping: Mapping, input: UpdateEventSourceMappingRequest): () => void {
  switch (mapping.kind) {
    case "stream": {
      const configuration = streamConfigurationOf(input, mapping.configuration, mapping.eventSourceArn);
      return () => (mapping.configuration = configuration);
    }
    case "queue": {
      const configuration = queueConfigurationOf(input, mapping.configuration, mapping.eventSourceArn);
      return () => (mapping.configuration = configuration);
    }
  }
}
