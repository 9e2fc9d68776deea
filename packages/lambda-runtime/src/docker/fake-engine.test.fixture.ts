import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Engine } from "./engine.ts";

/** What an engine answers to a method and path: a status, and JSON, text or bytes; nothing at all, or a body that never ends. */
export type Answers = Readonly<Record<string, readonly [status: number, body: unknown] | "silence" | "endless">>;

/** An engine that has those answers, and 404 for all else; `asked` is what it was asked, `bodies` what came with that. */
export async function fakeEngine(answers: Answers) {
  const asked: string[] = [];
  const bodies = new Map<string, Buffer>();
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const call = `${request.method ?? ""} ${decodeURIComponent(request.url ?? "")}`;
    asked.push(call);
    for (const check of waiting) check();
    // Bodies are read whole; what is silent may never be sent one.
    void buffer(request).then(
      (body) => bodies.set(call, body),
      () => undefined,
    );
    const answer = answers[call] ?? [404, { message: "no such thing" }];
    if (answer === "silence") return;
    if (answer === "endless") return response.flushHeaders();
    const [status, body] = answer;
    response.writeHead(status).end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    engine: new Engine(`tcp://127.0.0.1:${port}`),
    asked,
    bodies,
    /** Resolves when it was asked that. */
    until(call: string): Promise<void> {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!asked.includes(call)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
