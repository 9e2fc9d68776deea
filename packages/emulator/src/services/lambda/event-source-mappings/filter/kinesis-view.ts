import type { StreamRecord } from "../ports.ts";
import { contentOfBytes } from "./record-view.ts";
import type { RecordView } from "./record-view.ts";

/**
 * AWS: the data stands at the top and not in `kinesis`, decoded (AWS docs).
 * Assumed: so do the other members of a record's `kinesis`, as in former AWS docs; today's speak of `data` alone.
 */
export const kinesisView: RecordView<StreamRecord> = {
  contentKey: "data",
  comparesText: false,
  contentOf: ({ data }) => contentOfBytes(data),
  metadataOf: ({ partitionKey, sequence, arrival }) => ({
    kinesisSchemaVersion: "1.0",
    partitionKey,
    sequenceNumber: sequence,
    approximateArrivalTimestamp: arrival / 1000,
    eventSource: "aws:kinesis",
    eventName: "aws:kinesis:record",
  }),
};
