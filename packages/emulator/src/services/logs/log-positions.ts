import { logsError } from "./logs-error.ts";
import type { LogPosition } from "./state/log-stream.ts";

// AWS: event ids and the tokens of GetLogEvents carry 56 digits (AWS docs, GetLogEvents).
const timestampDigits = 16;
const idDigits = 40;

/** 56 digits that sort as the events do. */
export function formatPosition({ timestamp, id }: LogPosition): string {
  return `${Math.max(0, timestamp)}`.padStart(timestampDigits, "0") + `${id}`.padStart(idDigits, "0");
}

/** The position behind 56 digits, or undefined where `text` is none. */
export function parsePosition(text: string): LogPosition | undefined {
  if (!/^\d{56}$/.test(text)) return undefined;
  return { timestamp: Number(text.slice(0, timestampDigits)), id: Number(text.slice(timestampDigits)) };
}

/** Before every event. */
export const beginning: LogPosition = { timestamp: -1, id: 0 };

/** Where a page of FilterLogEvents ended. */
export function formatPageToken(position: LogPosition): string {
  return Buffer.from(formatPosition(position)).toString("base64url");
}

export function parsePageToken(token: string): LogPosition {
  const position = parsePosition(Buffer.from(token, "base64url").toString("latin1"));
  if (position === undefined) throw invalidToken();
  return position;
}

// AWS: the message of an unknown token (AWS SDK users' reports).
export function invalidToken(): Error {
  return logsError("InvalidParameterException", "The specified nextToken is invalid.");
}
