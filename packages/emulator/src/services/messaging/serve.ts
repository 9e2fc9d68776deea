import type { Clock } from "../../core/clock.ts";
import { AwsError } from "../../protocols/errors.ts";
import { messagingOperations } from "../../protocols/messaging-operations.ts";
import {
  asObject,
  header,
  isPercentEncoded,
  json,
  parsedObject,
  queryError,
  refusal,
  s3Error,
  wholeBody,
} from "./http-forms.ts";
import { objectOperation } from "./object-operation.ts";
import { bucketNotifications } from "./notifications/configure-bucket.ts";
import { writeConfiguration } from "./notifications/configuration-xml.ts";
import type { MessagingCall, MessagingReply, MessagingRequest, MessagingService } from "./ports.ts";
import { queryForm } from "./query-form.ts";
import { callersQueueUrl, queueNameOf, storedQueueUrl } from "./queue-url.ts";
import type { Answer } from "./route-table.ts";
import { s3Address } from "./s3-address.ts";
import { answerSubresource, subresourceOf } from "./s3-subresources.ts";
import { withTraceHeaders } from "./trace-attribute.ts";
import type { WorldStores } from "./world-stores.ts";

/** Everything that is loaded at the first call of a messaging service. */
export { errorOf, internalFailure, refusal } from "./http-forms.ts";
export { neededPermissions } from "./needed-access.ts";
export { openQueue } from "./queue-reader.ts";
export { sendTo } from "./send-to.ts";
export { inCall } from "./world-time.ts";
export { WorldStores } from "./world-stores.ts";

export async function serve(
  service: MessagingService,
  stores: WorldStores,
  clock: Clock,
  request: MessagingRequest,
  call: MessagingCall,
): Promise<MessagingReply> {
  if (service === "s3") return serveS3(stores, request, call);
  const served = service === "sqs" ? serveSqs(stores, clock, request, call) : serveSns(stores, request, call);
  const { headers, ...reply } = await served;
  return { ...reply, headers: { "x-amzn-requestid": call.requestId, ...headers } };
}

/** The operation of a call, which of S3 only its address tells; `shown` where no name is known. */
export function nameOf(service: MessagingService, shown: string, request: MessagingRequest): string {
  if (service !== "s3") return shown;
  const address = s3Address(request.url, header(request, "host") ?? header(request, ":authority"));
  return (address && objectOperation(request.method, address, request.headers)) ?? shown;
}

/** Whether a service has an operation of that name. */
export function isOperation(service: MessagingService, name: string): boolean {
  return messagingOperations[service].has(name);
}

async function serveSqs(
  stores: WorldStores,
  clock: Clock,
  request: MessagingRequest,
  { region, origin, signal }: MessagingCall,
): Promise<MessagingReply> {
  const operation = header(request, "x-amz-target")?.replace("AmazonSQS.", "");
  if (operation === undefined) {
    // The SDKs speak the JSON protocol with SQS since the end of 2023; fauxqs knows no other.
    return queryError(400, "UnsupportedOperation", "SQS is served in the AWS JSON protocol only: use a newer AWS SDK.");
  }
  const input = parsedObject((await wholeBody(request)).toString());
  if (input === undefined)
    return json({ status: 400, body: { __type: "com.amazon.coral.service#SerializationException" } });
  const queueName = typeof input["QueueUrl"] === "string" ? queueNameOf(input["QueueUrl"]) : undefined;
  if (queueName !== undefined) input["QueueUrl"] = storedQueueUrl(region, queueName);
  if (operation !== "ReceiveMessage" || queueName === undefined)
    return json(withCallersUrls(await stores.sqs(region, operation, input), origin));
  const seconds =
    input["WaitTimeSeconds"] ?? stores.queue(region, queueName)?.attributes["ReceiveMessageWaitTimeSeconds"];
  const deadline = clock.now() + Number(seconds ?? 0) * 1000;
  for (;;) {
    const answer = await stores.sqs(region, operation, input);
    // fauxqs wakes every poll of a queue for a message, and all but one come out with nothing: those wait on.
    const isEmpty = answer.status === 200 && asObject(answer.body)?.["Messages"] === undefined;
    const leftMs = deadline - clock.now();
    // Less than a millisecond would be lost in the clock's rounding.
    if (!isEmpty || leftMs < 1 || Number.isNaN(leftMs) || signal.aborted || stores.closed)
      return json(withTraceHeaders(answer, input, (handle) => stores.receivedTraceHeader(region, queueName, handle)));
    input["WaitTimeSeconds"] = leftMs / 1000;
  }
}

function withCallersUrls(answer: Answer, origin: string): Answer {
  const output = asObject(answer.body);
  if (typeof output?.["QueueUrl"] === "string")
    return { ...answer, body: { QueueUrl: callersQueueUrl(origin, output["QueueUrl"]) } };
  if (!Array.isArray(output?.["QueueUrls"])) return answer;
  const urls = output["QueueUrls"].map((url) => callersQueueUrl(origin, String(url)));
  return { ...answer, body: { ...output, QueueUrls: urls } };
}

async function serveSns(
  stores: WorldStores,
  request: MessagingRequest,
  { region }: MessagingCall,
): Promise<MessagingReply> {
  const { status, headers, body } = await stores.sns(region, Object.fromEntries(queryForm(request)));
  return { status, headers, body: String(body) };
}

async function serveS3(
  stores: WorldStores,
  request: MessagingRequest,
  { requestId }: MessagingCall,
): Promise<MessagingReply> {
  const address = s3Address(request.url, header(request, "host") ?? header(request, ":authority"));
  if (address === undefined) return s3Error(400, "InvalidURI", "Couldn't parse the specified URI.", requestId);
  const { route, params, query } = address;
  const { bucket } = params;
  const subresource = subresourceOf(address);
  if (subresource !== undefined) {
    await wholeBody(request);
    const isThere = bucket !== undefined && stores.bucketNotifications(bucket) !== undefined;
    return isThere ? answerSubresource(request.method, route, subresource, requestId) : noSuchBucket(requestId);
  }
  const isNotification = Object.hasOwn(query, "notification") && ["GET", "PUT"].includes(request.method);
  if (route === "/:bucket" && bucket !== undefined && isNotification)
    return serveNotifications(stores, bucket, request, requestId);
  // Assumed: the text; AWS refuses a source that it cannot read as InvalidArgument.
  if (!["x-amz-copy-source", "x-amz-rename-source"].every((name) => isPercentEncoded(header(request, name))))
    return s3Error(400, "InvalidArgument", "Invalid copy source encoding.", requestId);
  const body = await wholeBody(request);
  const isForm = header(request, "content-type")?.toLowerCase().includes("multipart/form-data") === true;
  // fauxqs would delete the objects that the body names.
  if (request.method === "POST" && objectOperation("POST", address, request.headers) === undefined) {
    if (route !== "/:bucket") return methodNotAllowed(requestId);
    // AWS: the text (AWS users' reports).
    const message = "At least one of the pre-conditions you specified did not hold";
    if (!isForm) return s3Error(412, "PreconditionFailed", message, requestId);
  }
  const answer = await stores.s3(request.method, route, { headers: request.headers, params, query, body });
  const { status, body: answered } = answer;
  if (status === 405) return methodNotAllowed(requestId);
  const headers = { "x-amz-request-id": requestId, ...answer.headers };
  const hasBody = typeof answered === "string" || Buffer.isBuffer(answered);
  return hasBody ? { status, headers, body: answered } : { status, headers };
}

function methodNotAllowed(requestId: string): MessagingReply {
  return s3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", requestId);
}

// AWS: the text (AWS docs, S3 error responses).
function noSuchBucket(requestId: string): MessagingReply {
  return s3Error(404, "NoSuchBucket", "The specified bucket does not exist", requestId);
}

/** Reads or replaces the notification configuration of a bucket. */
async function serveNotifications(
  stores: WorldStores,
  bucket: string,
  request: MessagingRequest,
  requestId: string,
): Promise<MessagingReply> {
  const headers = { "x-amz-request-id": requestId };
  try {
    const before = stores.bucketNotifications(bucket);
    if (before === undefined) return noSuchBucket(requestId);
    if (request.method !== "PUT") {
      return {
        status: 200,
        headers: { ...headers, "content-type": "application/xml" },
        body: writeConfiguration(before),
      };
    }
    const text = (await wholeBody(request)).toString();
    const isUnchecked = header(request, "x-amz-skip-destination-validation") === "true";
    const exists = async (arn: string): Promise<boolean> => isUnchecked || stores.hasTarget(arn);
    await stores.notify(bucket, await bucketNotifications(text, exists));
    return { status: 200, headers };
  } catch (error) {
    if (error instanceof AwsError) return refusal("s3", error, requestId);
    throw error;
  }
}
