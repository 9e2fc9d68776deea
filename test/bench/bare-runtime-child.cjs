/** Takes an event, calls the handler, posts the answer, over one connection: the least that a runtime client does. */
const { Agent, request } = require("node:http");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const streaming = new WeakSet();
globalThis.awslambda = {
  streamifyResponse: (handler) => {
    streaming.add(handler);
    return handler;
  },
};

const open = (method, path, headers, onReply) =>
  request({ host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}`, headers }, (incoming) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => onReply({ headers: incoming.headers, body: Buffer.concat(chunks) }));
  });

const exchange = (method, path, headers, body) =>
  new Promise((resolve) => open(method, path, headers, resolve).end(body));

const stream = (handler, id, event) =>
  new Promise((resolve) => {
    const headers = { "lambda-runtime-function-response-mode": "streaming", "transfer-encoding": "chunked" };
    void handler(event, open("POST", `${id}/response`, headers, resolve), {});
  });

async function main() {
  const { handler } = await import(process.env.FUNCTION_FILE);
  for (;;) {
    const { headers, body } = await exchange("GET", "next", {});
    const id = headers["lambda-runtime-aws-request-id"];
    const event = JSON.parse(body);
    if (streaming.has(handler)) {
      await stream(handler, id, event);
    } else {
      const answer = Buffer.from(JSON.stringify(await handler(event, {})));
      await exchange("POST", `${id}/response`, { "content-length": answer.length }, answer);
    }
  }
}

void main();
