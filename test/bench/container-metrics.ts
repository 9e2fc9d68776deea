import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { LocalEmuContainer } from "@localemu/testcontainers";
import { GenericContainer, Wait } from "testcontainers";
import { buildImage, engineProblem } from "../container/image.ts";
import type { Effort, Sample } from "./metrics.ts";
import { median } from "./statistics.ts";

/** An image of LocalEmu, and the one that it is built on. */
export interface Images extends AsyncDisposable {
  readonly localemu: string;
  readonly base: string;
}

/** Not the name of a release: somebody may use that. */
const built = "localemu/localemu:bench";
const dockerfile = new URL("../../container-image/Dockerfile", import.meta.url);

/** The image that LOCALEMU_IMAGE names, else one that is built now and removed at the end. Says so where there is no Docker engine. */
export async function provideImages(): Promise<Images | undefined> {
  const problem = await engineProblem();
  if (problem !== undefined) {
    process.stderr.write(`No ratio to a bare container: no Docker engine answers (${problem}).\n`);
    return undefined;
  }
  const base = process.env["NODE_IMAGE"] ?? /^ARG NODE_IMAGE=(.+)$/m.exec(readFileSync(dockerfile, "utf8"))?.[1] ?? "";
  const given = process.env["LOCALEMU_IMAGE"];
  if (given) return { localemu: given, base, [Symbol.asyncDispose]: () => Promise.resolve() };
  await buildImage(built);
  return {
    localemu: built,
    base,
    async [Symbol.asyncDispose]() {
      execFileSync("docker", ["rmi", built], { stdio: "ignore" });
    },
  };
}

const port = 4566;
/** What Node.js is given on its command line. */
const bareServer = `
  const http = process.getBuiltinModule("node:http");
  const server = http.createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  server.listen(${port}, "0.0.0.0");
  process.on("SIGTERM", () => process.exit(0));
`;
const healthCheck = `fetch("http://127.0.0.1:${port}").then(({ ok }) => process.exit(ok ? 0 : 1))`;

/** LocalEmu's container as a test starts it, beside one of the same base image that has nothing but a server. */
export async function measureContainers(
  { localemu, base }: Images,
  localemuFirst: boolean,
  { colds }: Effort,
): Promise<Sample[]> {
  const own = { start: () => new LocalEmuContainer(localemu).start(), ms: [] as number[] };
  const bare = { start: () => bareContainer(base).start(), ms: [] as number[] };
  // Whoever is first has Testcontainers look for the engine.
  for (const { start } of [own, bare]) await timeToStart(start);
  for (let count = 0; count < colds; count++) {
    for (const { start, ms } of localemuFirst ? [own, bare] : [bare, own]) ms.push(await timeToStart(start));
  }
  return [
    {
      metric: "start of a container",
      unit: "ms",
      emulator: median(own.ms),
      against: "bare server, same base image",
      yardstick: median(bare.ms),
    },
  ];
}

function bareContainer(image: string): GenericContainer {
  // As LocalEmuContainer and its image have it.
  return new GenericContainer(image)
    .withCommand(["node", "--eval", bareServer])
    .withExposedPorts(port)
    .withHealthCheck({ test: ["CMD", "node", "--eval", healthCheck], interval: 1000, timeout: 2000, retries: 5 })
    .withWaitStrategy(Wait.forHttp("/", port, { abortOnContainerExit: true }).withReadTimeout(100));
}

async function timeToStart(start: () => Promise<{ stop(): Promise<unknown> }>): Promise<number> {
  const begin = performance.now();
  const started = await start();
  const ms = performance.now() - begin;
  await started.stop();
  return ms;
}
