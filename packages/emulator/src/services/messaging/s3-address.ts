/** Where an S3 request goes: what the handler's routes match, with the names in clear. */
export interface S3Address {
  readonly route: "/" | "/:bucket" | "/:bucket/*";
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Undefined where the path's percent encoding is broken. */
export function s3Address(url: string, host: string | undefined): S3Address | undefined {
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark + 1)));
  const bucketInHost = bucketOfHost(host);
  const parts = decoded(bucketInHost === undefined ? path : `/${bucketInHost}${path}`);
  if (parts === undefined) return undefined;
  const { bucket, key } = parts;
  if (bucket === "") return { route: "/", params: {}, query };
  if (key === "") return { route: "/:bucket", params: { bucket }, query };
  return { route: "/:bucket/*", params: { bucket, "*": key }, query };
}

function decoded(path: string): { readonly bucket: string; readonly key: string } | undefined {
  const slash = path.indexOf("/", 1);
  try {
    if (slash === -1) return { bucket: decodeURIComponent(path.slice(1)), key: "" };
    return { bucket: decodeURIComponent(path.slice(1, slash)), key: decodeURIComponent(path.slice(slash + 1)) };
  } catch {
    // Not percent encoding: the caller answers InvalidURI.
    return undefined;
  }
}

const s3Host = /^(?:(.+)\.)?s3(?:[.-][^.]+)*\.[^.]+$/;
const localHost = /^(.+)\.localhost$/;

/** The bucket of a virtual-hosted address: `bucket.s3.…` or `bucket.localhost`; any other host is no bucket's. */
export function bucketOfHost(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const underS3 = s3Host.exec(name);
  if (underS3 !== null) return underS3[1];
  return localHost.exec(name)?.[1];
}
