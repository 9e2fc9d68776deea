// AWS: so many NUL bytes end the metadata before a streamed response (AWS docs).
const delimiter = Buffer.alloc(8);

// Assumed: AWS's limit is not documented.
const longestPrelude = 1024 * 1024;

export type Prelude =
  | { readonly kind: "found"; readonly text: string; /** What followed in the same chunk. */ readonly rest: Buffer }
  /** The stream ended before the end of its metadata; `empty` when it had nothing at all. */
  | { readonly kind: "missing"; readonly empty: boolean }
  | { readonly kind: "tooLong" };

/** Reads the metadata before a streamed response, however its bytes are cut into chunks. */
export async function takePrelude(read: () => Promise<Uint8Array | undefined>): Promise<Prelude> {
  let seen = Buffer.alloc(0);
  for (let chunk = await read(); chunk !== undefined; chunk = await read()) {
    const from = Math.max(0, seen.length - delimiter.length + 1);
    seen = Buffer.concat([seen, chunk]);
    const at = seen.indexOf(delimiter, from);
    if (at >= 0 && at <= longestPrelude)
      return { kind: "found", text: seen.toString("utf8", 0, at), rest: seen.subarray(at + delimiter.length) };
    if (seen.length > longestPrelude) return { kind: "tooLong" };
  }
  return { kind: "missing", empty: seen.length === 0 };
}
