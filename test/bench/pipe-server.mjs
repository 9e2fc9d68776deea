/**
 * The yardstick of streams: a process that makes bytes, and this one, which pipes them on over HTTP. As many processes and as
 * many copies as between a function and its caller, and nothing else.
 */
import { spawn } from "node:child_process";
import { createServer, get } from "node:http";

const source = `
  const { createServer } = require("node:http");
  const chunk = Buffer.alloc(64 * 1024, "x");
  createServer(async (request, response) => {
    let left = Number(new URL(request.url, "http://localhost").searchParams.get("bytes"));
    while (left > 0) {
      const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= piece.length;
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;

const child = spawn(process.execPath, ["--eval", source], { stdio: ["ignore", "pipe", "inherit"] });
process.on("SIGTERM", () => {
  child.kill();
  process.exit(0);
});
child.stdout.once("data", (line) => {
  const upstream = `http://127.0.0.1:${Number(line)}`;
  createServer((request, response) => {
    get(upstream + request.url, (body) => body.pipe(response));
  }).listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("Ready.\n"));
});
