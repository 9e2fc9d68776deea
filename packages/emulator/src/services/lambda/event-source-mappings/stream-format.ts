import { parseArn } from "../../../core/arns.ts";
import { dynamoDbEnvelope } from "./dynamodb-envelope.ts";
import type { Envelope, EnvelopeOptions } from "./envelope.ts";
import { dynamoDbBatchInfo, kinesisBatchInfo } from "./failure-record.ts";
import type { BatchInfo } from "./failure-record.ts";
import { dynamoDbView } from "./filter/dynamodb-view.ts";
import { kinesisView } from "./filter/kinesis-view.ts";
import type { RecordView } from "./filter/record-view.ts";
import { kinesisEnvelope } from "./kinesis-envelope.ts";
import type { StreamRecord } from "./ports.ts";

/** All that a mapping does differently for the streams of one service than for those of another. */
export interface StreamFormat {
  /** What filters see. */
  readonly view: RecordView<StreamRecord>;
  /** What functions get. */
  readonly envelope: (options: EnvelopeOptions) => Envelope;
  /** What reports say of a batch. */
  readonly batchInfo: BatchInfo;
  /** Whether a mapping may begin at AT_TIMESTAMP. */
  readonly startsAtTimestamp: boolean;
}

const kinesis: StreamFormat = {
  view: kinesisView,
  envelope: kinesisEnvelope,
  batchInfo: kinesisBatchInfo,
  startsAtTimestamp: true,
};

const dynamoDb: StreamFormat = {
  view: dynamoDbView,
  envelope: dynamoDbEnvelope,
  batchInfo: dynamoDbBatchInfo,
  startsAtTimestamp: false,
};

export function streamFormatOf(arn: string): StreamFormat {
  return parseArn(arn)?.service === "dynamodb" ? dynamoDb : kinesis;
}
