import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenEngine } from "./given-engine.ts";

let directory: string;
let socket: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "given-engine-"));
  socket = join(directory, "docker.sock");
  writeFileSync(socket, "");
});
afterAll(() => rmSync(directory, { recursive: true }));

const used = { options: { docker: true } };

test.each(["unix:///var/run/docker.sock", "npipe:////./pipe/docker_engine", "tcp://docker:2375"])(
  "an engine at %s is used",
  (host) => {
    expect(givenEngine({ DOCKER_HOST: host }, "/nowhere")).toEqual(used);
  },
);

test.each([{ DOCKER_HOST: "ssh://me@machine" }, { DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1" }])(
  "one that is not spoken to is left, with a warning: %o",
  (variables) => {
    expect(givenEngine(variables, socket)).toEqual({
      options: {},
      warning: `LocalEmu does not use the Docker engine of DOCKER_HOST, ${variables.DOCKER_HOST}: it speaks to local sockets, and tcp:// without TLS. LOCALEMU_DOCKER=0 tells it not to try.`,
    });
  },
);

test("a socket that is mounted is used", () => {
  expect(givenEngine({}, socket)).toEqual(used);
});
