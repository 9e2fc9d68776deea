import type { HttpRequest } from "./http-messages.ts";

/** Who signed a request, and for where. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** Undefined where the signature has none: SigV2 and SigV4A. */
  readonly region: string | undefined;
  /** The service's signing name. */
  readonly service: string;
}

const signatureV4 = /Credential=([^/\s,]+)\/\d{8}\/([^/\s,]+)\/([^/\s,]+)\/aws4_request/u;
const signatureV4A = /Credential=([^/\s,]+)\/\d{8}\/([^/\s,]+)\/aws4_request/u;
const signatureV2 = /^AWS ([^:\s]+):/u;
const presignedV2 = /(?:^|&)AWSAccessKeyId=([^&]+)/u;

/** The scope of a request's signature, from the header or a presigned query. The signature itself is not checked. */
export function credentialScope(request: Pick<HttpRequest, "headers" | "query">): CredentialScope | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return scopeOf(authorization) ?? scopeOfV2(signatureV2.exec(authorization));
  const { query } = request;
  if (query.includes("X-Amz-Credential=")) {
    return scopeOf(`Credential=${new URLSearchParams(query).get("X-Amz-Credential") ?? ""}`);
  }
  return query.includes("AWSAccessKeyId=") ? scopeOfV2(presignedV2.exec(query)) : undefined;
}

function scopeOf(text: string): CredentialScope | undefined {
  const [, accessKeyId, region, service] = signatureV4.exec(text) ?? [];
  if (accessKeyId !== undefined && service !== undefined) return { accessKeyId, region, service };
  const [, keyOfV4A, serviceOfV4A] = signatureV4A.exec(text) ?? [];
  if (keyOfV4A === undefined || serviceOfV4A === undefined) return undefined;
  return { accessKeyId: keyOfV4A, region: undefined, service: serviceOfV4A };
}

/** Only S3 still takes SigV2. */
function scopeOfV2(match: RegExpExecArray | null): CredentialScope | undefined {
  const accessKeyId = match?.[1];
  return accessKeyId === undefined ? undefined : { accessKeyId, region: undefined, service: "s3" };
}
