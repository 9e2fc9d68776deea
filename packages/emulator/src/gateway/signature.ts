import { authenticationProblem } from "../protocols/authentication-problem.ts";
import type { HttpRequest } from "../protocols/http-messages.ts";
import type { Secret } from "../worlds.ts";
import type { EmulatedService } from "./service-of.ts";
import { signatureRefusal } from "./signature-refusal.ts";
import type { SignatureProblem, SignatureRefusal } from "./signature-refusal.ts";

const { createHash, createHmac, timingSafeEqual } = process.getBuiltinModule("node:crypto");

/** AWS: how far a request's time may be from the service's, S3's being wider (AWS docs). */
const skewMs = 5 * 60_000;
const skewOfObjectsMs = 15 * 60_000;

const algorithm = "AWS4-HMAC-SHA256";

interface Signature {
  readonly scope: string;
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260102T030405Z`. */
  readonly time: string;
  /** How long it holds, in seconds; undefined for one in a header. */
  readonly expires: number | undefined;
}

export interface Verification {
  readonly service: EmulatedService;
  readonly secretOf: (accessKeyId: string) => Secret | undefined;
  /** Host time, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Why a request is refused whose signature is wrong, missing or too old; undefined for one that is signed as it should be. `path`
 * is the one that was sent. SigV4 alone is verified; of a body that is signed in chunks, the first signature.
 */
export function verifySignature(
  request: HttpRequest,
  { service, secretOf, now }: Verification,
): SignatureRefusal | undefined {
  const incomplete = authenticationProblem(request);
  if (incomplete !== undefined) {
    const missing = incomplete.code.startsWith("MissingAuthentication");
    const problem: SignatureProblem = missing ? { kind: "missing" } : { kind: "incomplete", text: incomplete.message };
    return signatureRefusal(service, problem);
  }
  const signed = signatureOf(request);
  const problem =
    signed === undefined
      ? ({ kind: "incomplete", text: "Credential must have exactly 5 slash-delimited elements" } as const)
      : problemOf(request, signed, { service, secretOf, now });
  return problem && signatureRefusal(service, problem);
}

function problemOf(
  request: HttpRequest,
  signed: Signature,
  { service, secretOf, now }: Verification,
): SignatureProblem | undefined {
  const signingName = service === "dynamodbstreams" ? "dynamodb" : service;
  if (signed.service !== signingName) return { kind: "wrongService", expected: signingName };
  if (!signed.time.startsWith(signed.date)) return { kind: "wrongDate", scope: signed.date, time: signed.time };
  const secret = secretOf(signed.accessKeyId);
  if (secret === undefined) return { kind: "unknownKey", accessKeyId: signed.accessKeyId };
  // Assumed: a token's end is told before what else is wrong with the signature.
  if (secret.expiresAt !== undefined && secret.expiresAt <= now) return { kind: "expiredToken" };
  const expected = hmac(signingKey(secret.secretAccessKey, signed), stringToSign(request, signed)).toString("hex");
  if (!isEqual(expected, signed.signature)) return { kind: "mismatch" };
  const stated = request.headers["x-amz-content-sha256"];
  if (service === "s3" && stated !== undefined && isHash.test(stated) && stated !== sha256(request.body))
    return { kind: "wrongBody" };
  return timeProblem(signed, service === "s3" ? skewOfObjectsMs : skewMs, now);
}

function timeProblem({ time, expires }: Signature, skew: number, now: number): SignatureProblem | undefined {
  const at = timeOf(time);
  const until = at + (expires === undefined ? skew : expires * 1000);
  if (!(now <= until)) return { kind: expires === undefined ? "tooOld" : "expired", time, now, skew };
  return at - skew > now ? { kind: "tooNew", time, now, skew } : undefined;
}

const credentialPattern = /^([^/]+)\/((\d{8})\/([^/]+)\/([^/]+)\/aws4_request)$/;

function signatureOf({ headers, query }: HttpRequest): Signature | undefined {
  const { authorization } = headers;
  const given =
    authorization === undefined ? new URLSearchParams(query) : new URLSearchParams(parametersOf(authorization));
  const value = (name: string): string => given.get(authorization === undefined ? `X-Amz-${name}` : name) ?? "";
  const [, accessKeyId, scope, date, region, service] = credentialPattern.exec(value("Credential")) ?? [];
  if (accessKeyId === undefined || scope === undefined || service === undefined) return undefined;
  return {
    accessKeyId,
    scope,
    date: date ?? "",
    region: region ?? "",
    service,
    signedHeaders: value("SignedHeaders").split(";"),
    signature: value("Signature"),
    time: authorization === undefined ? value("Date") : (headers["x-amz-date"] ?? basicTime(headers["date"])),
    expires: authorization === undefined ? Number(value("Expires")) : undefined,
  };
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function parametersOf(authorization: string): [string, string][] {
  return [...authorization.matchAll(/(\w+)=([^,\s]+)/g)].map(([, name = "", value = ""]) => [name, value]);
}

function stringToSign(request: HttpRequest, signed: Signature): string {
  return [algorithm, signed.time, signed.scope, sha256(canonicalRequest(request, signed))].join("\n");
}

function canonicalRequest(request: HttpRequest, { signedHeaders, service, expires }: Signature): string {
  const { method, path, query, headers, body } = request;
  const valueOf = (name: string): string => {
    const value = name === "host" ? (headers["host"] ?? headers[":authority"]) : headers[name];
    return (value ?? "").trim().replaceAll(/ +/g, " ");
  };
  const isObject = service === "s3";
  const stated = headers["x-amz-content-sha256"];
  const signsBody = isObject ? stated : undefined;
  const payload = signsBody ?? (isObject && expires !== undefined ? "UNSIGNED-PAYLOAD" : sha256(body));
  return [
    method,
    isObject ? path : encodeRfc3986(withoutDots(path)).replaceAll("%2F", "/"),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${valueOf(name)}`),
    "",
    signedHeaders.join(";"),
    stated === "UNSIGNED-PAYLOAD" ? stated : payload,
  ].join("\n");
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((part) => part !== "" && !part.startsWith("X-Amz-Signature="))
    .map((part) => {
      const [name = "", ...value] = part.split("=");
      return [encodeRfc3986(decode(name)), encodeRfc3986(decode(value.join("=")))] as const;
    })
    .toSorted(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** By code units, which of what is encoded are bytes. */
function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "." && part !== "") kept.push(part);
  }
  return `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent encoding: no client signs such a query.
    return text;
  }
}

function signingKey(secret: string, { date, region, service }: Signature): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

const isHash = /^[\da-f]{64}$/;

function isEqual(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/** Milliseconds since the epoch; NaN for a text that is no time. */
function timeOf(basic: string): number {
  return Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function basicTime(date: string | undefined): string {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? "" : new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
