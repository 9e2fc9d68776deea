import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenEngine } from "./given-engine.ts";

const directory = mkdtempSync(join(tmpdir(), "given-engine-"));
const socket = join(directory, "docker.sock");
const engine: Server = createServer((request, response) => {
  if (request.url === "/version") response.end('{"ApiVersion":"1.41"}');
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
  ["text", (response: ServerResponse) => response.end("It works!")],
  ["another document", (response: ServerResponse) => response.end("{}")],
  ["an error", (response: ServerResponse) => response.writeHead(404).end("<html>\n</html>")],
  ["a reply that breaks off", (response: ServerResponse) => response.write("{", () => response.destroy())],
])("what answers with %s is no engine", async (_, answer) => {
  const other = createServer((_request, response) => void answer(response));
  await once(other.listen(0, "127.0.0.1"), "listening");
  const { port }: Pick<AddressInfo, "port"> = Object(other.address());
  const { options, warning } = await givenEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, "/nowhere");
  other.close();
  expect(options).toEqual({});
  expect(warning).toContain(`what answers at tcp://127.0.0.1:${port} is no Docker engine. LOCALEMU_DOCKER=0`);
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
