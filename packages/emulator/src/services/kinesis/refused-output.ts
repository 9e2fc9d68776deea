import type { PutRecordsOutput } from "@aws-sdk/client-kinesis";
import type { AwsError } from "../../protocols/errors.ts";

/** AWS: what is wrong for a record alone is told record by record, by PutRecords that succeeds (AWS docs). */
const perRecord = new Set(["ProvisionedThroughputExceededException", "InternalFailure"]);

/** What an operation answers that is refused; undefined where it fails. */
export function refusedOutput(
  name: string,
  input: Readonly<Record<string, unknown>>,
  { code, message }: AwsError,
): PutRecordsOutput | undefined {
  const { Records: records } = input;
  if (name !== "PutRecords" || !perRecord.has(code) || !Array.isArray(records)) return undefined;
  return {
    FailedRecordCount: records.length,
    Records: records.map(() => ({ ErrorCode: code, ErrorMessage: message })),
  };
}
