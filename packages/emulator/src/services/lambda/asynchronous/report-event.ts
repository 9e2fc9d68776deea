import { parseArn } from "../../../core/arns.ts";
import { resolveFunction } from "../function-address.ts";
import { hashOf } from "../invoke/invoke-function.ts";
import { countInvocation } from "../invoke/lineage.ts";
import { traceOf } from "../invoke/trace.ts";
import type { EventDestination } from "../ports.ts";
import { deadLetterAttributes, eventRecord, eventRecordKey } from "./event-documents.ts";
import type { EventReport } from "./event-documents.ts";
import type { EventQueueParts, LambdaEvent } from "./event-queue.ts";

/** Makes what tells an event's dead-letter queue and destination what became of it. It resolves whatever they answer. */
export function createReporter(
  { ports, functions, configs }: Omit<EventQueueParts, "invokeFunction">,
  invokeLater: (event: LambdaEvent) => void,
): (report: EventReport, event: LambdaEvent) => Promise<void> {
  return async (report, event) => {
    const resolution = resolveFunction(functions, event.region, event.functionName, event.qualifier);
    if (resolution.kind !== "found") return;
    const { fn, version, qualifier = "$LATEST" } = resolution;
    const config = configs.get(fn, qualifier);
    // The chain of requests goes on: a loop through destinations is one like any other.
    const trace = traceOf(event.traceId, version.settings.tracingMode, ports);
    const traceHeader = countInvocation(trace, hashOf(fn)).header;
    const failed = report.condition !== "Success";
    const deadLetters = failed ? version.settings.deadLetterTargetArn : undefined;
    const destination = failed ? config?.onFailure : config?.onSuccess;
    // AWS: both, where there are both (recorded on AWS). One after the other: each may have to wait for the world's time.
    if (deadLetters !== undefined) {
      const body = Buffer.from(event.payload).toString();
      const attributes = deadLetterAttributes(report);
      await told(report, event, deadLetters, () => send(deadLetters, event, body, { attributes, traceHeader }));
    }
    if (destination !== undefined)
      await told(report, event, destination, () => tell(destination, report, event, traceHeader));
  };

  async function told(
    { requestId, condition }: EventReport,
    { functionName }: LambdaEvent,
    destination: string,
    sending: () => Promise<void>,
  ): Promise<void> {
    try {
      await sending();
      ports.record({ type: "function.eventReported", functionName, requestId, condition, destination });
    } catch (thrown) {
      const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      ports.record({ type: "function.eventReportFailed", functionName, requestId, destination, error });
    }
  }

  async function tell(
    destination: string,
    report: EventReport,
    event: LambdaEvent,
    traceHeader: string,
  ): Promise<void> {
    const body = eventRecord(report);
    const service = parseArn(destination)?.service;
    if (service === "lambda") return invoke(destination, body, event, traceHeader);
    const key = service === "s3" ? eventRecordKey(event.functionName, report.timestamp, ports.ids.uuid()) : undefined;
    return send(destination, event, body, { traceHeader, ...(key === undefined ? {} : { key }) });
  }

  async function invoke(destination: string, body: string, sender: LambdaEvent, traceId: string): Promise<void> {
    const { region, functionName } = sender;
    const refused = ports.refusedDestination?.(destination, sender);
    if (refused !== undefined) throw refused;
    const resolution = resolveFunction(functions, region, destination);
    if (resolution.kind !== "found") throw resolution.error;
    invokeLater({
      region,
      functionName: resolution.fn.name,
      qualifier: resolution.qualifier,
      payload: Buffer.from(body),
      requestId: ports.ids.uuid(),
      source: `destination of ${functionName}`,
      traceId,
    });
  }

  async function send(
    arn: string,
    sender: LambdaEvent,
    body: string,
    options: Parameters<EventDestination["send"]>[1],
  ): Promise<void> {
    const destination = await ports.openDestination(arn, sender);
    if (destination === undefined) throw new Error(`LocalEmu has no destination ${arn}.`);
    await destination.send(body, options);
  }
}
