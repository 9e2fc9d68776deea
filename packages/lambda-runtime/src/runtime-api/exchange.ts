/** What the APIs need of a request, of HTTP/1.1 or of HTTP/2. */
export interface ApiRequest {
  readonly method?: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Complete when the body was read. */
  readonly trailers: NodeJS.Dict<string | string[]>;
  /** Whoever called. */
  readonly socket: { readonly remoteAddress?: string | undefined };
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What the APIs need of the reply to it. */
export interface ApiResponse {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(body?: string | Uint8Array): unknown;
  /** Breaks its connection, or in HTTP/2 its stream, off. */
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
}

/** Whether a reply that is over went out as a whole. HTTP/2 of Node.js calls a reply finished, too, that was never begun. */
export function wasSent({ writableEnded, writableFinished }: ApiResponse): boolean {
  return writableEnded && writableFinished;
}
