// The loop of a runtime interface client, and nothing else. It asks for work while the handler is loaded.
const http = require("node:http");
const path = require("node:path");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const prefix = "/2018-06-01/runtime/invocation/";
const loaded = import(path.join(__dirname, "function", "invoke.mjs"));

function call(method, where, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, agent, method, path: prefix + where }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    if (typeof body === "function") body(request);
    else request.end(body);
  });
}

(async () => {
  for (;;) {
    const next = await call("GET", "next");
    const { echo, pour } = await loaded;
    const id = next.headers["lambda-runtime-aws-request-id"];
    const event = JSON.parse(next.body);
    if (process.env._HANDLER.startsWith("stream"))
      await call("POST", `${id}/response`, (request) => pour(event, request));
    else await call("POST", `${id}/response`, JSON.stringify(await echo(event)));
  }
})();
