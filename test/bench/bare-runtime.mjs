/**
 * The yardstick of invocations: what a runtime API and a process for each environment need at least. No validation, no logs, no
 * limits. A function is a name; each has the handler of `function/invoke.mjs` that the name begins with.
 *
 *   node bare-runtime.mjs <port>
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("bare-runtime-child.cjs", import.meta.url));
const processes = new Set();

/** The runtime API of one function, and who waits on either side of it. */
class BareFunction {
  #polls = [];
  #queue = [];
  #under = new Map();
  /** Processes that have been started and not asked yet, or have answered and not asked again. */
  #coming = 0;
  #id = 0;
  #name;
  #address;

  constructor(name) {
    this.#name = name;
    const server = createServer((request, response) => this.#serve(request, response));
    this.#address = new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`));
    });
  }

  async invoke(body, response) {
    const invocation = { id: String(++this.#id), body, response };
    const poll = this.#polls.shift();
    if (poll !== undefined) return this.#deliver(poll, invocation);
    this.#queue.push(invocation);
    if (this.#queue.length <= this.#coming) return;
    this.#coming++;
    const variables = { AWS_LAMBDA_RUNTIME_API: await this.#address, _HANDLER: this.#name };
    const started = spawn(process.execPath, [child], { env: variables, stdio: "ignore" });
    processes.add(started);
  }

  #deliver(poll, invocation) {
    this.#under.set(invocation.id, invocation.response);
    poll.writeHead(200, { "lambda-runtime-aws-request-id": invocation.id, "content-length": invocation.body.length });
    poll.end(invocation.body);
  }

  #serve(request, response) {
    const [, , , , id] = request.url.split("/");
    if (id === "next") {
      this.#coming--;
      const invocation = this.#queue.shift();
      if (invocation === undefined) this.#polls.push(response);
      else this.#deliver(response, invocation);
      return;
    }
    const caller = this.#under.get(id);
    this.#under.delete(id);
    request.on("end", () => {
      this.#coming++;
      caller.end();
      response.writeHead(202, { "content-length": 0 });
      response.end();
    });
    request.on("data", (chunk) => caller.write(chunk));
  }
}

const functions = new Map();
const server = createServer((request, response) => {
  const name = request.url.split("/")[3];
  let found = functions.get(name);
  if (found === undefined) functions.set(name, (found = new BareFunction(name)));
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => void found.invoke(Buffer.concat(chunks), response));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("Ready.\n"));
process.on("SIGTERM", () => {
  for (const started of processes) started.kill("SIGKILL");
  process.exit();
});
