import { AwsError } from "../../../protocols/errors.ts";
import type { JsonObject } from "../attribute-value.ts";

/** A server of tables that is not ours, such as DynamoDB Local. */
export interface TableServer {
  /** Throws the server's AwsError; one with the code ServiceUnavailable where it cannot be reached. */
  call(target: string, input: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
}

/**
 * @param accessKeyId Servers may keep the tables of each access key for themselves, as those of each region.
 */
export function tableServer(endpoint: string, region: string, accessKeyId: string): TableServer {
  const scope = `${accessKeyId}/20260101/${region}/dynamodb/aws4_request`;
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    // It is read for its scope alone: emulators verify no signatures.
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`,
    "x-amz-date": "20260101T000000Z",
  };
  return {
    async call(target, input, signal) {
      const request = { method: "POST", headers: { ...headers, "x-amz-target": target }, body: JSON.stringify(input) };
      const reply = await fetch(endpoint, { ...request, ...(signal && { signal }) }).catch((error: unknown) => {
        throw signal?.aborted === true ? error : unreachable(endpoint, error);
      });
      const output = documentOf(await reply.text());
      if (output === undefined) throw unreachable(endpoint, new Error(`it answered ${reply.status} without JSON`));
      if (reply.status < 400) return output;
      const { __type: type = "", message, Message, ...fields } = output;
      const code = String(type).replace(/^.*#/, "");
      const text = message ?? Message;
      throw new AwsError(code, typeof text === "string" ? text : "", { statusCode: reply.status, fields });
    },
  };
}

function unreachable(endpoint: string, cause: unknown): AwsError {
  const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : "";
  const message = `the table server at ${endpoint} cannot be reached: ${reason}`;
  return new AwsError("ServiceUnavailable", message, { statusCode: 503, cause });
}

function documentOf(text: string): JsonObject | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null ? { ...document } : undefined;
  } catch {
    return undefined;
  }
}
