import { badRequest, ControlError } from "../control/control-error.ts";
import { JsonBody } from "../control/json-body.ts";
import { DataError } from "../core/data-error.ts";
import type { CallContext } from "../protocols/operations.ts";
import type { World } from "../world.ts";
import { keptFor } from "./kept-for.ts";

type MessagingService = "sqs" | "sns" | "s3";

interface HttpForm {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Calls an operation of SQS, or one of the few of SNS and S3 that a test needs to set things up: JSON in and out. */
export async function callMessaging(
  world: World,
  service: MessagingService,
  operation: string,
  body: Buffer,
  call: CallContext,
): Promise<string> {
  const messaging = await world.services.messaging();
  const form = formOf(service, operation, body);
  const begun = world.observer.begin();
  let name = "unknown";
  const ended = (status: number, refusal: string | undefined): void =>
    world.observer.called(world.name, { service, operation: name, status, code: refusal }, begun);
  const reply = await keptFor(world, async () => {
    const handled = await messaging.handle(service, form, call);
    name = handled.operation ?? name;
    return handled;
  }).catch((error: unknown) => {
    if (error instanceof DataError) ended(500, "InternalFailure");
    throw error;
  });
  ended(reply.status, reply.code);
  const text = reply.body?.toString() ?? "";
  if (reply.status < 400) return answerOf(service, text);
  const { code, message } = service === "sqs" ? errorOfJson(text) : errorOfXml(text);
  throw new ControlError(reply.status, code, message);
}

function formOf(service: MessagingService, operation: string, body: Buffer): HttpForm {
  switch (service) {
    // SQS speaks JSON by itself.
    case "sqs":
      return post({ "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` }, body);
    case "sns":
      return notificationForm(operation, JsonBody.parse(body));
    default:
      return objectForm(operation, JsonBody.parse(body));
  }
}

function answerOf(service: MessagingService, text: string): string {
  if (service === "sqs") return text === "" ? "{}" : text;
  // The operations of SNS here answer with plain members; those of S3 with nothing that anybody needs.
  const result = /<\w+Result>([^]*)<\/\w+Result>/.exec(text)?.[1] ?? "";
  const members = service === "sns" ? result.matchAll(/<(\w+)>([^<]*)</g) : [];
  return JSON.stringify(Object.fromEntries([...members].map(([, name = "", value]) => [name, value])));
}

const notificationOperations = ["CreateTopic", "Subscribe", "Publish"];

/** The query protocol: members by name, maps flattened. */
function notificationForm(operation: string, input: JsonBody): HttpForm {
  refuseOthers("sns", operation, notificationOperations);
  const form = new URLSearchParams({ Action: operation });
  for (const [name, value] of Object.entries(input.members)) {
    if (name === "Attributes") addEntries(form, "Attributes.entry", "key", value);
    else if (name === "MessageAttributes") addEntries(form, "MessageAttributes.entry", "Name", value);
    else form.set(name, String(value));
  }
  return post({ "content-type": "application/x-www-form-urlencoded" }, Buffer.from(form.toString()));
}

function addEntries(form: URLSearchParams, prefix: string, keyName: "key" | "Name", value: unknown): void {
  const valueName = keyName === "key" ? "value" : "Value";
  for (const [index, [name, entry]] of Object.entries(value ?? {}).entries()) {
    const place = `${prefix}.${index + 1}`;
    form.set(`${place}.${keyName}`, name);
    if (typeof entry !== "object" || entry === null) form.set(`${place}.${valueName}`, String(entry));
    else for (const [part, text] of Object.entries(entry)) form.set(`${place}.${valueName}.${part}`, String(text));
  }
}

const objectOperations = ["CreateBucket", "PutObject", "DeleteObject"];

function objectForm(operation: string, input: JsonBody): HttpForm {
  refuseOthers("s3", operation, objectOperations);
  const url = `/${encodeURIComponent(required(input, "Bucket"))}`;
  if (operation === "CreateBucket") return { method: "PUT", url, headers: {}, body: Buffer.alloc(0) };
  const key = required(input, "Key").split("/").map(encodeURIComponent).join("/");
  const method = operation === "PutObject" ? "PUT" : "DELETE";
  const headers = { "content-type": input.string("ContentType") ?? "application/octet-stream" };
  return { method, url: `${url}/${key}`, headers, body: Buffer.from(input.string("Body") ?? "", "base64") };
}

function required(input: JsonBody, name: string): string {
  const value = input.string(name);
  if (value === undefined || value === "") throw badRequest(`${name} is missing`);
  return value;
}

function refuseOthers(service: string, operation: string, known: readonly string[]): void {
  if (!known.includes(operation)) {
    throw badRequest(`of ${service}, only ${known.join(", ")} can be called here, not ${operation}: use an SDK`);
  }
}

function post(headers: Readonly<Record<string, string>>, body: Buffer): HttpForm {
  return { method: "POST", url: "/", headers, body };
}

/** AWS: the code may have a namespace before it. */
function errorOfJson(text: string): { readonly code: string; readonly message: string } {
  const value: unknown = JSON.parse(text);
  const member = (name: string): string => {
    const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === "string" ? found : "";
  };
  return { code: member("__type").replace(/^.*#/, ""), message: member("message") };
}

function errorOfXml(text: string): { readonly code: string; readonly message: string } {
  const element = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? "";
  return { code: element("Code"), message: element("Message") };
}
