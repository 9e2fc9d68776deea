import { accountId } from "../../core/arns.ts";

/**
 * Queue URLs have two forms: the callers', under the origin and world prefix of whoever asks, and the one that fauxqs keeps,
 * which holds the region in its host. Only the last part of the path, the queue's name, is the same.
 */

/** The form of a queue's URL in fauxqs. */
export function storedQueueUrl(region: string, queueName: string): string {
  return `http://sqs.${region}.localhost/${accountId}/${queueName}`;
}

/** Any queue URL as a caller under `origin` must see it. */
export function callersQueueUrl(origin: string, queueUrl: string): string {
  return `${origin}/${accountId}/${queueNameOf(queueUrl)}`;
}

/** The queue's name at the end of a queue URL, whatever stands before it; a bare name is taken as it is. */
export function queueNameOf(queueUrl: string): string {
  const path = queueUrl.endsWith("/") ? queueUrl.slice(0, -1) : queueUrl;
  return path.slice(path.lastIndexOf("/") + 1);
}

const worldPattern = /^[a-z]+:\/\/[^/]+\/_world\/([^/]+)\//i;

/** A JSON string that follows the member's name. */
const jsonMember = /^"QueueUrl"\s*:\s*("(?:[^"\\]|\\.)*")/;
const formMember = /^QueueUrl=([^&]*)/;

/** No queue URL is longer. */
const window = 2048;

/**
 * The world whose prefix stands in the `QueueUrl` of an SQS request (JSON or form), undefined where there is none.
 * AWS: the SDK for JavaScript sends an SQS call to the QueueUrl's origin and drops its path, so the prefix is nowhere else.
 */
export function worldOfQueueUrl(body: Buffer | string): string | undefined {
  const isForm = body.length > 0 && body[0] !== "{" && body[0] !== 0x7b && body.indexOf("Action=") !== -1;
  const name = isForm ? "QueueUrl=" : '"QueueUrl"';
  for (let at = body.indexOf(name); at !== -1; at = body.indexOf(name, at + name.length)) {
    const text = typeof body === "string" ? body.slice(at, at + window) : body.toString("utf8", at, at + window);
    const url = isForm ? formValue(text, previous(body, at)) : jsonValue(text);
    if (url !== undefined) return worldPattern.exec(url)?.[1];
  }
  return undefined;
}

function jsonValue(text: string): string | undefined {
  const literal = jsonMember.exec(text)?.[1];
  if (literal === undefined) return undefined;
  try {
    return String(JSON.parse(literal));
  } catch {
    // An escape that is none: the service answers such a body with an error of its own.
    return undefined;
  }
}

function formValue(text: string, before: string): string | undefined {
  if (before !== "" && before !== "&") return undefined;
  const value = formMember.exec(text)?.[1];
  return value === undefined ? undefined : (new URLSearchParams(`url=${value}`).get("url") ?? undefined);
}

function previous(body: Buffer | string, at: number): string {
  if (at === 0) return "";
  return typeof body === "string" ? body.charAt(at - 1) : String.fromCharCode(body[at - 1] ?? 0);
}
