import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenEngine } from "./given-engine.ts";

const directory = mkdtempSync(join(tmpdir(), "given-engine-"));
const socket = join(directory, "docker.sock");
const engine: Server = createServer((request, response) => {
  if (request.url === "/version") response.end('{"Version":"28.0.0"}');
  else response.writeHead(404).end();
});
beforeAll(async () => {
  await once(engine.listen(socket), "listening");
});
afterAll(() => {
  engine.close();
  rmSync(directory, { recursive: true });
});

const used = { options: { docker: true } };

test("an engine that answers at its mounted socket, or at DOCKER_HOST, is used", async () => {
  expect(await givenEngine({}, socket)).toEqual(used);
  expect(await givenEngine({ DOCKER_HOST: `unix://${socket}` }, "/nowhere")).toEqual(used);
});

test.each([
  [
    { DOCKER_HOST: "ssh://me@machine" },
    'DOCKER_HOST must begin with unix://, npipe:// or tcp://, not "ssh://me@machine"',
  ],
  [{ DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1" }, "it does not speak TLS, as DOCKER_TLS_VERIFY wants"],
  [
    { DOCKER_HOST: "tcp://127.0.0.1:1" },
    "no Docker engine answers at tcp://127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1)",
  ],
  [{}, "no Docker engine answers at unix:///nowhere (connect ENOENT /nowhere)"],
])("with %o none is used, and a warning says why", async (variables, why) => {
  expect(await givenEngine(variables, "/nowhere")).toEqual({
    options: {},
    warning: `LocalEmu uses no Docker engine: ${why}. LOCALEMU_DOCKER=0 tells it not to try, LOCALEMU_DOCKER=1 to rely on it.`,
  });
});
