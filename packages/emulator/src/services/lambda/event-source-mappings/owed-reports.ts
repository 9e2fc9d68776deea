import type { Mapping, MappingOfStream } from "./mapping.ts";
import type { MappingOptions } from "./mapping-options.ts";
import type { MappedFunction } from "./ports.ts";
import type { GivenUpRun } from "./stream/given-up.ts";
import type { ReportResult } from "./stream/lane.ts";

type ReportOptions = Pick<MappingOptions, "ports" | "record">;

/** Sends what a destination is told of records that were given up; what goes wrong is the result. */
export async function sendReport(
  { ports }: Pick<MappingOptions, "ports">,
  mapped: MappedFunction,
  { destination: arn, body, key }: NonNullable<GivenUpRun["report"]>,
): Promise<ReportResult> {
  try {
    const destination = await ports.openDestination(arn, mapped);
    if (destination === undefined) return { kind: "failed", error: `there is no destination ${arn}` };
    await destination.send(body, key === undefined ? {} : { key });
    return { kind: "delivered" };
  } catch (error) {
    return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
  }
}

/** Sends a report that was under way when an earlier emulator ended. */
export async function sendOwedReport(
  mapping: MappingOfStream,
  stream: string,
  options: ReportOptions,
  run: GivenUpRun,
): Promise<void> {
  const { report, shardId, from, to, records, condition, invokeCount } = run;
  if (report === undefined) return;
  const result = await sendReport(options, mapping.function, report);
  mapping.givenUp.told(run);
  const { destination } = report;
  const about = { mapping: mapping.uuid, functionName: mapping.function.name, stream, shardId, from, to, records };
  options.record(
    result.kind === "delivered"
      ? { ...about, type: "mapping.failureReported", destination }
      : { ...about, type: "mapping.failureReportFailed", destination, error: result.error },
  );
  options.record({ ...about, type: "mapping.recordsDiscarded", condition, invokeCount });
}

/** Whether an earlier emulator has left reports of a mapping's that are to be sent before it may rest or go. */
export function owesReports(mapping: Mapping): boolean {
  return mapping.kind === "stream" && mapping.givenUp.untold().length > 0;
}

/** Sends them for a mapping of which nothing runs, one after the other, until `isOver`. */
export async function sendOwedReports(mapping: Mapping, options: ReportOptions, isOver: () => boolean): Promise<void> {
  if (mapping.kind !== "stream") return;
  // `stream/<name>`, `stream/<name>/consumer/…` or `table/<name>/stream/…` is how the ARN ends.
  const stream = mapping.eventSourceArn.split("/")[1] ?? "";
  for (const run of mapping.givenUp.untold()) {
    if (isOver()) return;
    await sendOwedReport(mapping, stream, options, run);
  }
}
