import { asObject } from "./http-forms.ts";
import type { Answer } from "./route-table.ts";

/**
 * ReceiveMessage's answer, with the system attribute AWSTraceHeader where it is asked for: the trace header of the call that sent
 * the message (AWS docs, SQS and X-Ray), which fauxqs does not know.
 */
export function withTraceHeaders(
  answer: Answer,
  input: Readonly<Record<string, unknown>>,
  traceHeaderOf: (receiptHandle: string) => string | undefined,
): Answer {
  const output = asObject(answer.body);
  if (!Array.isArray(output?.["Messages"]) || !isAskedFor(input)) return answer;
  const messages = output["Messages"].map((value: unknown) => {
    const message = asObject(value);
    const header = traceHeaderOf(String(message?.["ReceiptHandle"]));
    if (header === undefined) return value;
    return { ...message, Attributes: { ...asObject(message?.["Attributes"]), AWSTraceHeader: header } };
  });
  return { ...answer, body: { ...output, Messages: messages } };
}

function isAskedFor(input: Readonly<Record<string, unknown>>): boolean {
  const asked = [input["AttributeNames"], input["MessageSystemAttributeNames"]].flat();
  return asked.includes("All") || asked.includes("AWSTraceHeader");
}
