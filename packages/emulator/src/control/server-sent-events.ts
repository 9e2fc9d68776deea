import type { Outgoing } from "../gateway/listener.ts";

export interface EventStream {
  /** Sends one event; JSON in one line. Does nothing once the stream was ended. */
  send(data: unknown): void;
  /** Ends the stream; the client sees it end cleanly. */
  end(): void;
}

/** How much may wait for a client that does not read, before its connection is cut. Bytes. */
const largestBacklog = 32 * 1024 * 1024;

/** Answers with server-sent events. `onClose` is called once, when either side ended the stream. */
export function openEventStream(response: Outgoing, onClose: () => void): EventStream {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  // A comment makes the headers leave at once: the client knows that it is being served.
  write(response, ": open\n\n");
  response.once("close", onClose);
  return {
    send(data) {
      // What ends a world is told to its followers while their streams are ending.
      if (response.writableEnded) return;
      // Cut, not ended: the client must not take it for the end of what it follows.
      if (response.writableLength > largestBacklog) return void response.destroy();
      write(response, `data: ${JSON.stringify(data)}\n\n`);
    },
    end: () => response.end(),
  };
}

function write(response: Outgoing, text: string): void {
  // The two compatible responses declare `write` differently, so the call is made per kind.
  if ("stream" in response) response.write(text);
  else response.write(text);
}
