import type { Incoming } from "./listener.ts";

/** The largest body that any service takes: Lambda's CreateFunction with a zip of 50 MB in base64. */
export const largestBody = 70_167_211;

/** Thrown when a body is larger than its limit; what came so far is dropped. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Thrown when the client went away before it had sent its whole body: nobody is left to answer. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

/** Reads a whole body. Rejects when the client goes away before its end, or sends more than `limit` bytes. */
export function readBody(request: Incoming, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const onGone = (): void => reject(new ClientGoneError("the client went away"));
    // Nothing would tell of it any more.
    if (isBroken(request)) return onGone();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners("data");
        request.resume();
        reject(new BodyTooLargeError(`the request body is larger than ${limit} bytes`));
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("error", onGone);
    request.on("aborted", onGone);
  });
}

/** A body as it comes. Throws ClientGoneError when the client goes away before its end. */
export async function* bodyChunks(request: Incoming): AsyncGenerator<Uint8Array, void> {
  if (isBroken(request)) throw new ClientGoneError("the client went away");
  try {
    yield* request;
  } catch {
    throw new ClientGoneError("the client went away before it had sent its body");
  }
}

/** Whether the connection has closed with a part of the request still to come, or to be read. */
function isBroken({ aborted, destroyed }: Incoming): boolean {
  return aborted === true || destroyed === true;
}
