/// <reference types="node" preserve="true" />
import type { OutgoingHttpHeaders } from "node:http";
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { Writable } from "node:stream";

// Taken once at load: request mocks of a test replace the properties of the module later and must not catch these calls.
const { connect: connectSession } = http2;

/** A request on its way out: it emits `response` as one of `node:http` does. */
export interface OutgoingRequest extends Writable {
  /** Before anything was written. */
  setHeader(name: string, value: string): unknown;
  addTrailers(trailers: Readonly<Record<string, string>>): unknown;
}

export type OpenRequest = (method: string, path: string, headers: OutgoingHttpHeaders) => OutgoingRequest;

/** One HTTP/2 session to a Runtime API, for any number of {@link runHandler}s. Its end detaches all of them. */
export interface RuntimeConnection {
  /** Begins a request; `path` follows the endpoint. */
  readonly open: OpenRequest;
  /** Ends the session, and all that is under way in it. */
  close(): void;
}

/**
 * Connects to a Runtime API by HTTP/2 with prior knowledge. The session does not keep the process alive, and request mocks of a
 * test do not see it.
 *
 * @param endpoint what comes before `/2018-06-01`, such as `http://127.0.0.1:4566/_localemu/runtime/my-function`
 */
export function connectRuntime(endpoint: string): RuntimeConnection {
  const { origin, pathname } = new URL(endpoint);
  const prefix = pathname.replace(/\/+$/, "");
  const session = connectSession(origin);
  // Each request tells of it.
  session.on("error", () => undefined);
  session.unref();
  return {
    open: (method, path, headers) => openRequest(session, method, prefix + path, headers),
    close: () => session.destroy(),
  };
}

/** Of HTTP/1.1 alone: HTTP/2 refuses it. */
const OF_CONNECTION = "transfer-encoding";

function openRequest(
  session: ClientHttp2Session,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
): OutgoingRequest {
  const fields: OutgoingHttpHeaders = { ":method": method, ":path": path };
  const setHeader = (name: string, value: OutgoingHttpHeaders[string]): void => {
    if (name.toLowerCase() !== OF_CONNECTION) {
      fields[name.toLowerCase()] = value;
    }
  };
  for (const [name, value] of Object.entries(headers)) {
    setHeader(name, value);
  }
  const trailers: Record<string, string> = {};
  let opened: ClientHttp2Stream | undefined;
  const withStream = (fail: (error: Error) => void, use: (stream: ClientHttp2Stream) => void): void => {
    try {
      opened ??= begin();
      use(opened);
    } catch (error) {
      // The session has ended.
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const begin = (): ClientHttp2Stream => {
    const begun = session.request(fields, { endStream: false, waitForTrailers: true });
    begun.on("wantTrailers", () => begun.sendTrailers(trailers));
    begun.on("error", (error) => outgoing.destroy(error));
    begun.on("close", () => {
      if (!begun.readableEnded) {
        outgoing.destroy(new Error(`The connection to the Runtime API broke during ${method} ${path}`));
      }
    });
    begun.on("response", (reply) => {
      outgoing.emit("response", Object.assign(begun, { statusCode: reply[":status"], headers: reply }));
    });
    return begun;
  };
  const outgoing = new Writable({
    // It is over when its reply is.
    autoDestroy: false,
    write: (chunk, _encoding, written) => {
      withStream(written, (begun) => begun.write(chunk, written));
    },
    final: (ended) => {
      withStream(ended, (begun) => begun.end(ended));
    },
    destroy: (error, destroyed) => {
      opened?.close(http2.constants.NGHTTP2_CANCEL);
      destroyed(error);
    },
  });
  return Object.assign(outgoing, {
    setHeader,
    addTrailers: (added: Readonly<Record<string, string>>) => Object.assign(trailers, added),
  });
}
