import type { Outgoing } from "../gateway/listener.ts";

export interface EventStream {
  /** Sends one event; JSON in one line. */
  send(data: unknown): void;
  /** Ends the stream; the client sees it end cleanly. */
  end(): void;
}

/** Answers with server-sent events. `onClose` is called once, when either side ended the stream. */
export function openEventStream(response: Outgoing, onClose: () => void): EventStream {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  // A comment makes the headers leave at once: the client knows that it is being served.
  write(response, ": open\n\n");
  let ended = false;
  response.once("close", () => {
    ended = true;
    onClose();
  });
  return {
    send(data) {
      if (!ended) write(response, `data: ${JSON.stringify(data)}\n\n`);
    },
    end() {
      ended = true;
      response.end();
    },
  };
}

function write(response: Outgoing, text: string): void {
  // The two compatible responses declare `write` differently, so the call is made per kind.
  if ("stream" in response) response.write(text);
  else response.write(text);
}
