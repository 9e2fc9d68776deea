/**
 * The yardstick of functions: an invoke endpoint, a Runtime API and a child process for each concurrent invocation, all on
 * `node:http` and nothing else: no validation, no log, no limit of time or length. A POST to an Invoke path is answered with what
 * the function returns, a GET of `/stream?bytes=…` with what it streams.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** `CLIENT` is a program to start in its place: the official client is measured so. */
const child = process.env.CLIENT ?? fileURLToPath(new URL("bare-runtime-child.cjs", import.meta.url));
const files = { stream: "stream.mjs" };
const functions = new Map();
const running = new Map();
const children = new Set();
let count = 0;

/** As many requests wait as polls come in moments: only more of them start a child. */
const functionOf = (name) => {
  const known = functions.get(name);
  if (known !== undefined) return known;
  const made = { name, polls: [], waiting: [], soonFree: 0, address: undefined };
  functions.set(name, made);
  return made;
};

const give = (poll, invocation) => {
  running.set(invocation.id, invocation);
  poll.writeHead(200, {
    "content-type": "application/json",
    "content-length": invocation.event.length,
    "lambda-runtime-aws-request-id": invocation.id,
    "lambda-runtime-deadline-ms": Date.now() + 60_000,
    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:000000000000:function:bench",
  });
  poll.end(invocation.event);
};

const acknowledge = (response) => {
  response.writeHead(202, { "content-length": 0 });
  response.end();
};

const bodyOf = (request, done) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
};

const runtimeApi = (fn) =>
  createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, noDelay: true }, (request, response) => {
    const [, , , , id] = request.url.split("/");
    if (id === "next") {
      fn.soonFree--;
      const invocation = fn.waiting.shift();
      if (invocation === undefined) fn.polls.push(response);
      else give(response, invocation);
      return;
    }
    const { caller } = running.get(id);
    running.delete(id);
    if (request.headers["lambda-runtime-function-response-mode"] === "streaming") {
      caller.writeHead(200, { "content-type": "application/octet-stream" });
      request.on("end", () => {
        fn.soonFree++;
        acknowledge(response);
      });
      request.pipe(caller);
      return;
    }
    bodyOf(request, (body) => {
      fn.soonFree++;
      caller.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      caller.end(body);
      acknowledge(response);
    });
  });

const addressOf = (fn) => {
  fn.address ??= new Promise((resolve) => {
    const server = runtimeApi(fn).listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`));
  });
  return fn.address;
};

const start = async (fn) => {
  fn.soonFree++;
  const file = fileURLToPath(new URL(`function/${files[fn.name] ?? "index.mjs"}`, import.meta.url));
  const env = {
    AWS_LAMBDA_RUNTIME_API: await addressOf(fn),
    FUNCTION_FILE: file,
    LAMBDA_TASK_ROOT: dirname(file),
    _HANDLER: `${basename(file, ".mjs")}.handler`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
    AWS_LAMBDA_LOG_GROUP_NAME: "bench",
    AWS_LAMBDA_LOG_STREAM_NAME: "bench",
  };
  const started = spawn(process.execPath, [child], { env, stdio: ["ignore", "ignore", "inherit"] });
  children.add(started);
  started.on("exit", () => children.delete(started));
};

const invoke = (fn, event, caller) => {
  const invocation = { id: String(count++), event, caller };
  const poll = fn.polls.pop();
  if (poll !== undefined) return give(poll, invocation);
  fn.waiting.push(invocation);
  if (fn.waiting.length > fn.soonFree) void start(fn);
};

createServer({ noDelay: true }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (request.method === "POST") {
    bodyOf(request, (body) => invoke(functionOf(pathname.split("/")[3]), body, response));
  } else {
    const event = { queryStringParameters: Object.fromEntries(searchParams) };
    invoke(functionOf("stream"), Buffer.from(JSON.stringify(event)), response);
  }
}).listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("Ready.\n"));

process.on("SIGTERM", () => {
  for (const started of children) started.kill("SIGKILL");
  process.exit(0);
});
