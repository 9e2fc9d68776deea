import { once } from "node:events";
import { createServer } from "node:http";
import { Engine } from "./engine.ts";

/** What an engine answers to a method and path: a status, and JSON or text. */
export type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** An engine that has those answers, and 404 for all else; `asked` is what it was asked. */
export async function fakeEngine(answers: Answers) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const call = `${request.method ?? ""} ${decodeURIComponent(request.url ?? "")}`;
    asked.push(call);
    const [status, body] = answers[call] ?? [404, { message: "no such thing" }];
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    engine: new Engine(`tcp://127.0.0.1:${port}`),
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
