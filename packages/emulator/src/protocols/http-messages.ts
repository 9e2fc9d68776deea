/** A request as the protocols see it, whatever version of HTTP carried it. */
export interface HttpRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Query string as sent, without the question mark; empty when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** A reply as the protocols make it. Header names are as they go on the wire. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Absent where the reply has none, as to HEAD; its headers then stand as they are. Chunks are sent as they come. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Nobody else looks at the chunks: once sent, their memory is given back. */
  readonly ownsChunks?: boolean;
}

/** Node's request headers: the only ones that it keeps as lists belong to replies. */
export function headersOf(headers: NodeJS.Dict<string | string[]>): HttpRequest["headers"] {
  return headers as HttpRequest["headers"];
}

/** The type of a body, without its parameters; empty where none is given. */
export function mediaType(headers: HttpRequest["headers"]): string {
  return headers["content-type"]?.split(";", 1)[0]?.trim() ?? "";
}
